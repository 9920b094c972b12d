import re
from pathlib import Path
from xml.etree import ElementTree

import fake_evidence
import pytest
from synthetic_run import SCENARIO, chunks, manifest, with_draws

from perelom.results import score
from perelom.results.errors import RequestError
from perelom.results.run import Run


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setattr(score, "compare_run", fake_evidence.comparison)
    return Run.in_memory(chunks(), manifest(), SCENARIO)


def test_chart_shows_lines_observations_and_definition(run: Run, tmp_path: Path) -> None:
    chart = run.chart("grain_harvest")
    assert [line.layer for line in chart.series.lines] == ["true", "reported"]
    html = chart._repr_html_()
    assert "no interval" in html
    assert "observed: scholar" in html
    assert "barn harvest" in html.lower()
    drawn = ElementTree.parse(chart.write(tmp_path / "a.svg"))
    used = set(re.findall(r"var\((--[\w-]+)\)", chart.svg))
    set_there = set(re.findall(r"(--[\w-]+):", drawn.getroot().attrib["style"]))
    assert used <= set_there


def test_deaths_are_shown_with_a_caution(run: Run) -> None:
    assert "published estimates differ" in run.chart("deaths_total")._repr_html_()
    assert "published estimates differ" not in run.chart("grain_harvest")._repr_html_()


def test_a_region_is_drawn_with_its_own_observations(run: Run) -> None:
    chart = run.chart("grain_harvest", "Kyiv oblast")
    assert chart.series.points.is_empty()
    assert chart.series.lines[0].values[0] == pytest.approx(
        float(run.monthly["grain_harvest"].sel(region="Kyiv oblast")[1:13].sum())
    )
    assert "Kyiv oblast" in chart._repr_html_()


def test_wrong_names_get_the_nearest(run: Run) -> None:
    with pytest.raises(RequestError, match="did you mean livestock_horses"):
        run.chart("livestock_horse")
    with pytest.raises(RequestError, match="did you mean Kyiv oblast"):
        run.chart("grain_harvest", "Kiev oblast")


def test_run_shows_itself_in_a_notebook(run: Run, tmp_path: Path) -> None:
    assert "none of its numbers is an estimate" in run._repr_html_()
    named = Run.in_memory(
        chunks(), manifest().having(scenario={"name": "<b>mine</b>"}), SCENARIO
    )._repr_html_()
    assert "<b>mine" not in named
    assert "&lt;b&gt;mine" in named
    drawn = with_draws(tmp_path / "run")
    assert "5 draws" in drawn._repr_html_()
    assert "5 draws" in repr(drawn)


def test_a_run_in_memory_says_what_to_do_about_writing(run: Run, tmp_path: Path) -> None:
    for write in (run.report, run.write_score):
        with pytest.raises(RequestError, match=r"out=FOLDER"):
            write()
    assert run.write_score(tmp_path / "score.csv").read_text().startswith("id,")
    assert "villages, seed 1926" in run.citation()
