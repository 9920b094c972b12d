import re
from pathlib import Path

import fake_evidence
import pytest
from synthetic_run import SCENARIO, chunks, manifest

from perelom.results import score
from perelom.results.run import Run


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> str:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(score, "compare_run", fake_evidence.comparison)
        run = Run.in_memory(chunks(), manifest(), SCENARIO)
        path = run.report(tmp_path_factory.mktemp("report") / "report.html")
    return path.read_text(encoding="utf-8")


def test_report_loads_nothing(document: str) -> None:
    assert not re.search(r"""(?:src|href)\s*=\s*["'](?!#)""", document.replace("xlink:", ""))
    assert "@import" not in document
    assert not re.search(r"url\((?!#)", document)
    assert "default-src 'none'" in document


def test_report_is_small(document: str) -> None:
    assert len(document.encode()) < 8_000_000


def test_report_has_charts_of_series_with_observations(document: str) -> None:
    for title in ("Grain harvest", "Grain exports", "Horses", "Deaths from all causes"):
        assert f">{title}</h3>" in document
    assert document.count("<figure") >= 6


def test_deaths_stand_with_definition_and_uncertainty(document: str) -> None:
    figure = re.search(r'<figure[^>]*"excess_deaths".*?</figure>', document, re.DOTALL)
    assert figure
    assert "hazard without hunger" in figure[0]
    assert "without an interval" in figure[0]


def test_report_says_what_a_reader_must_know(document: str) -> None:
    for phrase in (
        "catastrophe",
        "contested",
        "single run",
        "Groups held out",
        "Article on dizziness from success",
        "pravda_1930",
        "How to cite",
        "horses",
    ):
        assert phrase in document


def test_colours_follow_the_page(document: str) -> None:
    svg = "".join(re.findall(r"<svg.*?</svg>", document, re.DOTALL))
    assert "var(--true)" in svg
    assert not re.search(
        r"#[0-9a-f]{6}(?![0-9a-f])", re.sub(r'(?:id|href|clip-path)="[^"]*"', "", svg)
    )


def test_incomplete_run_says_so() -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(score, "compare_run", fake_evidence.comparison)
        run = Run.in_memory(chunks(), manifest(), SCENARIO)
        run._holder.manifest = run.manifest.having(status="interrupted")  # type: ignore[misc]
        from perelom.results.report import render

        assert "This run is not complete" in render(run)


def test_report_of_a_folder_lies_in_it(tmp_path: Path) -> None:
    from perelom.results.run_folder import RunFolder

    folder = RunFolder.create(tmp_path / "run", manifest(), SCENARIO)
    for chunk in chunks():
        folder.append(chunk)
    folder.finish("complete")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(score, "compare_run", fake_evidence.comparison)
        run = Run.open(tmp_path / "run")
        assert run.report() == tmp_path / "run" / "report.html"
        assert run.write_score().read_text().startswith("id,group,use,series")
