"""The report as a reader uses it: keys suffice, and a question finds its answer."""

import numpy as np
from playwright.sync_api import Page, expect

from perelom.results.run import Run

CHOSEN = "Lower Volga krai"


def test_a_question_about_one_region_and_month_is_answered(page: Page, run: Run) -> None:
    """How many households were in kolkhozes there on 1 March 1930, reported and true?"""
    page.get_by_label("Show").select_option(label="Households in kolkhozes")
    page.get_by_label("Region", exact=True).select_option(label=CHOSEN)
    expect(page.locator("#panel-title")).to_have_text(f"{CHOSEN}, March 1930")
    for layer, dataset in (("true", run.monthly), ("reported", run.reported)):
        members = dataset["kolkhoz_households"].sel(region=CHOSEN, month="1930-03-01").item()
        expect(page.locator(f"#answer-{layer}")).to_have_text(f"{1000 * members:,.0f} thousand")
    page.get_by_label("Show").select_option(label="Share of peasant households in kolkhozes")
    expect(page.locator("#answer-observed")).to_contain_text("1930-03")
    expect(page.locator("#sure")).to_contain_text("single run")
    expect(page.locator("#sure")).to_contain_text("root mean square")


def test_the_slider_obeys_the_keyboard(page: Page) -> None:
    slider = page.locator("#month")
    slider.focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#month-name")).to_have_text("April 1930")
    assert slider.get_attribute("aria-valuetext") == "April 1930"
    page.keyboard.press("Home")
    expect(page.locator("#month-name")).to_have_text("December 1926")
    page.keyboard.press("End")
    expect(page.locator("#month-name")).to_have_text("December 1932")
    page.get_by_role("button", name="One month back").press("Enter")
    expect(page.locator("#map-title")).to_contain_text("1 November 1932")


def test_every_control_is_reached_by_tabbing(page: Page) -> None:
    page.locator("#atlas").evaluate("element => { element.tabIndex = -1; element.focus(); }")
    reached = []
    for _ in range(12):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.id || document.activeElement.name"))
    for control in ("measure", "region", "layer", "view", "month-back", "month", "month-on"):
        assert control in reached


def test_the_map_shows_the_values_of_the_month(page: Page, run: Run) -> None:
    share = run.monthly["collectivized_households_share"].sel(month="1930-03-01")
    title = page.locator("#map path title", has_text=CHOSEN).text_content() or ""
    value = float(title.split(": ")[1].rstrip("%"))
    np.testing.assert_allclose(value, 100 * share.sel(region=CHOSEN).item(), atol=0.06)
    colours = page.locator("#map > path").evaluate_all(
        "paths => paths.map((path) => getComputedStyle(path).fill)"
    )
    assert len(colours) == run.monthly.sizes["region"] - 1
    assert len(set(colours)) > 2
    page.get_by_label("what was reported").check()
    expect(page.locator("#map-title")).to_contain_text("as reported")


def test_a_click_on_the_map_or_on_a_small_chart_chooses_a_region(page: Page) -> None:
    page.locator("#multiples li", has_text="Kazakh ASSR").click()
    expect(page.locator("#panel-title")).to_contain_text("Kazakh ASSR")
    page.locator("#map > path").nth(0).dispatch_event("click")
    expect(page.locator("#panel-title")).to_contain_text("Northern krai")


def test_a_measure_without_a_reported_layer_says_so(page: Page) -> None:
    page.get_by_label("Show").select_option(label="Excess deaths from hunger")
    expect(page.get_by_label("what was reported")).to_be_disabled()
    expect(page.locator("#answer-reported")).to_have_text("not reported apart")
    expect(page.locator("#map-definition")).to_contain_text("hazard without hunger")


def test_decisions_can_be_searched(page: Page) -> None:
    page.get_by_label("Find in the decisions").fill("collectivization_pressure 1930-03")
    rows = page.locator("#decided tbody tr:visible")
    assert 0 < rows.count() < 20
    expect(page.locator("#found")).to_contain_text(f"{rows.count()} of")


def test_on_paper_the_choices_are_left_out(page: Page) -> None:
    page.emulate_media(media="print")
    expect(page.locator(".choices")).to_be_hidden()
    expect(page.locator("#map")).to_be_visible()
