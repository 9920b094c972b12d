from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from perelom.errors import TableError
from perelom.evidence import parameters
from perelom.evidence.tables import data_path

HEADER = "name,value,unit,low,high,prior,source,grade,mechanisms,systems,used_in,description\n"
ROWS = {
    "normal": "shift,1.0,t,0.5,1.5,normal,davies_1980,B,M22,S10,field,a shift",
    "lognormal": "rate,0.2,per year,0.1,0.4,lognormal,elicited,E,M1 M2b,S84 S85,herds,a rate",
    "uniform": "bound,3,days,2,5,uniform,elicited,E,M3,S57,kolkhoz,a bound",
    "beta": "part,0.3,share,0.1,0.55,beta,elicited,E,M3,,kolkhoz,a share",
    "fixed": "norm,16,kg,,,fixed,decree,A,,,procurement,a norm",
}


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "parameters.csv"
    path.write_text(HEADER + "\n".join(ROWS.values()) + "\n")
    return path


@pytest.mark.parametrize(
    ("name", "low", "high"), [("shift", 0.5, 1.5), ("rate", 0.1, 0.4), ("part", 0.1, 0.55)]
)
def test_low_and_high_are_the_5_and_95_percent_points(
    table: Path, name: str, low: float, high: float
) -> None:
    drawn = parameters(table)[name].draw(np.array([0.05, 0.95]))
    np.testing.assert_allclose(drawn, [low, high], rtol=1e-6)


def test_uniform_and_fixed(table: Path) -> None:
    found = parameters(table)
    np.testing.assert_allclose(found["bound"].draw([0.5, 1e-9]), [3.5, 2.0], atol=1e-6)
    np.testing.assert_array_equal(found["norm"].draw(np.full((2, 3), 0.3)), np.full((2, 3), 16.0))


def test_draws_rise_with_u_and_keep_the_shape(table: Path) -> None:
    u = np.linspace(0.01, 0.99, 24).reshape(4, 6)
    for parameter in parameters(table).values():
        drawn = parameter.draw(u)
        assert drawn.shape == u.shape
        assert np.all(np.diff(drawn.ravel()) >= 0)
    assert parameters(table)["rate"].draw(0.5).shape == ()


def test_passport(table: Path) -> None:
    rate = parameters(table)["rate"]
    assert (rate.default, rate.unit, rate.grade) == (0.2, "per year", "E")
    assert rate.mechanisms == ("M1", "M2b")
    assert rate.systems == ("S84", "S85")
    assert list(parameters(table)) == ["shift", "rate", "bound", "part", "norm"]


def test_probability_outside_the_open_interval(table: Path) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        parameters(table)["shift"].draw([0.5, 1.0])


@pytest.mark.parametrize(
    ("row", "column", "allowed"),
    [
        ("x,1,t,2,3,normal,s,A,,,field,d", "value", "between 2.0 and 3.0"),
        ("x,1,t,3,2,normal,s,A,,,field,d", "low", "below high"),
        ("x,1,t,,2,normal,s,A,,,field,d", "low", "low and high"),
        ("x,1,t,-1,2,lognormal,s,A,,,field,d", "low", "above 0"),
        ("x,1,t,0.1,2,beta,s,A,,,field,d", "low", "inside 0 and 1"),
        ("x,1,t,0,2,cauchy,s,A,,,field,d", "prior", "one of normal"),
        ("x,1,t,0,2,normal,s,F,,,field,d", "grade", "one of A, B, C, E"),
        ("x,1,t,0,2,normal,s,A,22,,field,d", "mechanisms", "text of the form"),
        ("x,,t,0,2,normal,s,A,,,field,d", "value", "a finite number"),
    ],
)
def test_impossible_priors_are_refused(tmp_path: Path, row: str, column: str, allowed: str) -> None:
    path = tmp_path / "parameters.csv"
    path.write_text(HEADER + ROWS["fixed"] + "\n" + row + "\n")
    with pytest.raises(TableError) as caught:
        parameters(path)
    assert (caught.value.row, caught.value.column) == (3, column)
    assert allowed in caught.value.allowed


@pytest.mark.skipif(not data_path("parameters.csv").is_file(), reason="no parameters yet")
def test_parameters_of_the_package_can_be_drawn() -> None:
    found = parameters()
    assert found
    for parameter in found.values():
        drawn = parameter.draw([0.05, 0.5, 0.95])
        assert np.all(np.isfinite(drawn)), parameter.name
        if parameter.prior in ("normal", "lognormal", "beta"):
            np.testing.assert_allclose(
                drawn[[0, 2]], [parameter.low, parameter.high], rtol=1e-3, err_msg=parameter.name
            )
