import numpy as np
import pytest

from perelom.evidence import parameters
from perelom.inference.prior import draw_parameters, free_parameters


def test_fixed_parameters_are_not_drawn() -> None:
    drawn = set(draw_parameters(1, 1)[0])
    assert drawn == set(free_parameters())
    assert all(parameters()[name].prior != "fixed" for name in drawn)


def test_same_seed_same_sets_and_another_seed_others() -> None:
    assert draw_parameters(5, 7) == draw_parameters(5, 7)
    assert draw_parameters(5, 7) != draw_parameters(5, 8)


@pytest.mark.parametrize("count", [10, 40])
def test_each_tenth_of_every_prior_is_visited_equally(count: int) -> None:
    sets = draw_parameters(count, 3)
    for name, parameter in free_parameters().items():
        edges = parameter.draw(np.arange(1, 10) / 10)
        tenth = np.searchsorted(edges, [drawn[name] for drawn in sets])
        assert np.bincount(tenth, minlength=10).tolist() == [count // 10] * 10, name


def test_five_percent_of_the_draws_lie_below_the_stated_low() -> None:
    sets = draw_parameters(200, 11)
    for name, parameter in free_parameters().items():
        if parameter.prior == "uniform":
            continue
        assert parameter.low is not None
        assert sum(drawn[name] < parameter.low for drawn in sets) == pytest.approx(10, abs=1), name
