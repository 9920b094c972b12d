import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from perelom.errors import TableError
from perelom.evidence import parameters
from perelom.inference import posterior
from perelom.inference.prior import draw_parameters, free_parameters

NAMES = list(free_parameters())


@pytest.fixture
def ship(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[object]:
    """Put draws where the package looks for them."""

    def write(names: list[str], draws: int = 4, **about: object) -> None:
        sets = draw_parameters(draws, 5)
        lines = [",".join(["draw", *names])]
        lines += [
            ",".join([str(n), *(repr(each.get(name, 1.0)) for name in names)])
            for n, each in enumerate(sets)
        ]
        (tmp_path / "posterior.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
        told = {"priors": posterior.prior_hash(), "central": 2} | about
        (tmp_path / "posterior.json").write_text(json.dumps(told), encoding="utf-8")
        posterior.shipped.cache_clear()

    monkeypatch.setattr(posterior, "data_path", lambda name: tmp_path / name)
    posterior.shipped.cache_clear()
    yield write
    posterior.shipped.cache_clear()


@pytest.mark.usefixtures("ship")
def test_without_shipped_draws_runs_keep_the_defaults() -> None:
    assert posterior.default_parameters() == {}
    assert posterior.remark() is None
    assert posterior.central_draw() == {n: parameters()[n].default for n in NAMES}
    drawn = posterior.posterior_draws(3)
    assert drawn == draw_parameters(3, posterior.PRIOR_SEED)


@pytest.mark.usefixtures("ship")
def test_an_empty_file_counts_as_none(tmp_path: Path) -> None:
    (tmp_path / "posterior.csv").write_text("draw,a\n", encoding="utf-8")
    assert posterior.default_parameters() == {}


def test_draws_come_back_as_they_were_written(ship) -> None:  # type: ignore[no-untyped-def]
    ship(NAMES)
    assert posterior.posterior_draws(4) == draw_parameters(4, 5)
    assert posterior.default_parameters() == draw_parameters(4, 5)[2]
    assert posterior.posterior_draws(6)[4:] == posterior.posterior_draws(2)
    assert posterior.remark() is None


def test_parameters_that_the_draws_lack_take_their_defaults(ship) -> None:  # type: ignore[no-untyped-def]
    ship([*NAMES[1:], "no_longer_there"], priors="others")
    found = posterior.default_parameters()
    assert set(found) == set(NAMES)
    assert found[NAMES[0]] == parameters()[NAMES[0]].default
    assert found[NAMES[1]] == draw_parameters(4, 5)[2][NAMES[1]]
    assert "other priors" in str(posterior.remark())
    assert "1 parameters take" in str(posterior.remark())


def test_a_cell_that_is_no_number_is_one_clear_error(ship, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    ship(NAMES)
    text = (tmp_path / "posterior.csv").read_text(encoding="utf-8").splitlines()
    text[2] = text[2].rsplit(",", 1)[0] + ",many"
    (tmp_path / "posterior.csv").write_text("\n".join(text), encoding="utf-8")
    with pytest.raises(TableError, match=r"posterior\.csv, row 3.*'many' is not allowed"):
        posterior.posterior_draws(1)


@pytest.mark.parametrize("about", ["", "[]", '{"priors": "x", "central": 4}', '{"central": 0}'])
def test_a_missing_description_is_one_clear_error(ship, tmp_path: Path, about: str) -> None:  # type: ignore[no-untyped-def]
    ship(NAMES)
    (tmp_path / "posterior.json").write_text(about, encoding="utf-8")
    with pytest.raises(TableError, match=r"posterior\.json.*0 to 3"):
        posterior.posterior_draws(1)
