import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

import perelom
from perelom.errors import DateError, ScenarioError, SettingsError
from perelom.results.errors import RequestError


@pytest.fixture(scope="module")
def short() -> perelom.Run:
    return perelom.run("historical", villages=320, until="1928-12")


def test_importing_the_package_loads_nothing_heavy() -> None:
    heavy = "{'jax', 'polars', 'xarray', 'numpy', 'typer'}"
    code = f"import sys, perelom; print({heavy} & set(sys.modules))"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "set()"


def test_public_names_and_nothing_else() -> None:
    assert perelom.__all__ == ["Run", "Scenario", "claims", "compare", "observations", "run"]
    assert all(getattr(perelom, name).__doc__ for name in perelom.__all__)
    assert set(perelom.__all__) <= set(dir(perelom))
    with pytest.raises(AttributeError, match="compere"):
        perelom.compere  # noqa: B018


def test_horses_of_the_union_by_month(short: perelom.Run) -> None:
    horses = short.monthly["livestock_horses"].sel(region="USSR")
    assert horses.sizes == {"month": 25}
    assert horses.attrs["units"] == "million_head"
    assert np.all((horses > 20) & (horses < 45))
    of_regions = short.monthly["livestock_horses"].drop_sel(region="USSR").sum("region")
    np.testing.assert_allclose(horses, of_regions)


def test_a_run_in_memory_can_be_scored(short: perelom.Run) -> None:
    assert short.path is None
    assert short.score()["points"].sum() > 20


def test_a_run_folder_holds_the_same_run(short: perelom.Run, tmp_path: Path) -> None:
    perelom.run("historical", villages=320, until="1928-12", out=tmp_path / "run")
    read = perelom.Run.open(tmp_path / "run")
    assert read.manifest.status == "complete"
    name = "livestock_horses"
    np.testing.assert_array_equal(read.monthly[name], short.monthly[name])


def test_scenario_object_name_and_path_give_the_same_run(short: perelom.Run) -> None:
    from perelom.scenario import load

    loaded = load("historical")
    assert isinstance(loaded, perelom.Scenario)
    same = perelom.run(loaded, villages=320, until="1928-12")
    np.testing.assert_array_equal(same.monthly["grain_harvest"], short.monthly["grain_harvest"])


def test_bad_input_is_one_clear_error() -> None:
    with pytest.raises(ScenarioError, match="did you mean 'historical'"):
        perelom.run("historcal")
    with pytest.raises(DateError):
        perelom.run(until="1950-01")
    with pytest.raises(SettingsError, match="seed -1"):
        perelom.run(seed=-1)
    with pytest.raises(RequestError, match="give `out`"):
        perelom.run(ensemble=2)
    with pytest.raises(RequestError, match="2 or more"):
        perelom.run(ensemble=1, out="never")


def test_names_that_xarray_does_not_know_come_with_the_nearest(short: perelom.Run) -> None:
    with pytest.raises(KeyError, match="livestock_horses"):
        short.monthly["livestock_horse"]


def test_an_ensemble_from_python(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = perelom.run(
        villages=320, until="1927-02", out=tmp_path / "run", ensemble=2, progress=True
    )
    assert run.ensemble is not None
    assert run.ensemble.count == 2
    assert {"low", "high"} <= set(_read_columns(run, tmp_path / "a.csv"))
    assert capsys.readouterr().out == ""


def _read_columns(run: perelom.Run, path: Path) -> list[str]:
    return run.export("csv", path).read_text(encoding="utf-8").splitlines()[0].split(",")


def test_scenarios_show_themselves() -> None:
    from perelom.scenario import load

    shown = load("historical")._repr_html_()
    assert "decisions" in shown
    assert load("historical").hash in shown


def test_comparisons_show_what_was_run() -> None:
    from perelom.results.comparison import Comparison
    from perelom.results.manifest import Manifest
    from perelom.scenario import load

    scenarios = (load("historical"), load("nep"))
    settings = {"villages": 320, "until": "1928-12"}
    paired = SimpleNamespace(members=[0, 1])
    found = Comparison(scenarios, paired, ({}, {}, {}), Manifest({}, settings), "<the priors>")
    shown = found._repr_html_()
    assert "historical" in shown
    assert "2 of 3" in shown
    assert "&lt;the priors&gt;" in shown


def test_evidence_tables() -> None:
    assert {"series", "value", "grade", "use"} <= set(perelom.observations().columns)
    assert perelom.claims().height == 614
