import numpy as np
import pytest
import toy

from perelom.evidence import Parameter
from perelom.inference.prior import draw_parameters, free_parameters
from perelom.inference.transform import from_normal, to_normal

PRIORS = {
    "normal": toy.parameter("a", "normal", -1.0, 3.0),
    "lognormal": toy.parameter("b", "lognormal", 0.01, 10.0),
    "uniform": toy.parameter("c", "uniform", 5.0, 6.0),
    "beta": toy.parameter("d", "beta", 0.02, 0.3),
}


@pytest.mark.parametrize("prior", PRIORS.values(), ids=PRIORS)
def test_there_and_back_gives_the_same_number(prior: Parameter) -> None:
    normal = np.linspace(-5, 5, 201)[:, None]
    found = to_normal(from_normal(normal, {"p": prior}), {"p": prior})
    assert found == pytest.approx(normal, abs=1e-7)


@pytest.mark.parametrize("prior", PRIORS.values(), ids=PRIORS)
def test_back_and_there_gives_the_same_value(prior: Parameter) -> None:
    values = prior.draw(np.linspace(0.001, 0.999, 99))
    sets = [{"p": float(value)} for value in values]
    found = [each["p"] for each in from_normal(to_normal(sets, {"p": prior}), {"p": prior})]
    assert found == pytest.approx(values.tolist(), rel=1e-9)


def test_zero_is_the_median_and_the_stated_points_are_the_tails() -> None:
    for name in ("normal", "lognormal", "beta"):
        prior = PRIORS[name]
        assert prior.low is not None
        sets = [{"p": prior.low}, {"p": float(prior.draw(0.5))}]
        low, middle = to_normal(sets, {"p": prior})[:, 0]
        assert (low, middle) == pytest.approx((-1.6448536, 0.0), abs=1e-5)


def test_values_far_outside_stay_finite() -> None:
    sets = [{"p": -100.0}, {"p": 100.0}]
    for name in ("normal", "uniform", "beta"):
        assert np.isfinite(to_normal(sets, {"p": PRIORS[name]})).all()


def test_every_free_parameter_of_the_table_has_a_way_back() -> None:
    free = free_parameters()
    drawn = draw_parameters(20, 3)
    again = from_normal(to_normal(drawn, free), free)
    for name in free:
        assert [each[name] for each in again] == pytest.approx([each[name] for each in drawn])
