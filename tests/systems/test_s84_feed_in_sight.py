"""S84: feed and the herd wanted. Check: less grain, fewer animals; pigs first; nothing when off."""

from dataclasses import replace
from itertools import pairwise

import jax.numpy as jnp
import numpy as np
import pytest

from country import Surroundings
from perelom.engine.inputs import seasons
from perelom.model.context import Context
from perelom.model.feed import feed_in_sight, feeding, herd_fed
from perelom.model.herds import turnover
from perelom.model.kolkhoz import reserved_grain
from perelom.model.space import over_slots, total
from perelom.world.state import SPECIES, State


def _stocked(state: State, tonnes: float) -> State:
    """Give every household so much grain, and owe nothing."""
    grain = tonnes * state.households.present
    return replace(
        state,
        households=replace(state.households, grain=grain),
        villages=replace(state.villages, harvest=jnp.zeros(40)),
    )


def _seen(state: State, context: Context) -> np.ndarray:
    eaters = over_slots(total(state.households.persons))
    return np.asarray(feed_in_sight(state, eaters, context))


def test_less_grain_less_feed_in_sight_and_it_falls_faster(
    state: State, around: Surroundings
) -> None:
    context = around(1)
    seen = [_seen(_stocked(state, g), context) for g in (0.0, 0.2, 0.4, 5.0)]
    assert not seen[0].any()
    most = float(context.parameters["feed_in_plenty"])
    for less, more in pairwise(seen):
        assert (less <= more).all()
    assert (seen[-1] <= most).all()
    short = (seen[2] > 0) & (seen[2] < 0.5 * most)
    assert short.any()
    power = float(context.parameters["feed_falls_with_grain"])
    np.testing.assert_allclose(seen[2][short] / seen[1][short], 2**power, rtol=0.02)


def test_off_the_usual_feed_is_in_sight(state: State, around: Surroundings) -> None:
    off = around(1, off=["feed_outlook"])
    np.testing.assert_array_equal(_seen(_stocked(state, 0.0), off), 1.0)
    for species in SPECIES:
        np.testing.assert_allclose(herd_fed(species, jnp.ones(40), off), 1.0)


def test_horses_come_first(state: State, around: Surroundings) -> None:
    """The same grain feeds more of the other animals where there are fewer horses."""
    context, whole = around(1), _stocked(state, 0.3)
    few = replace(whole, households=replace(whole.households, horses=0.4 * whole.households.horses))
    before, after = (_seen(one, context) for one in (whole, few))
    assert (after >= before).all()
    assert after.sum() > before.sum()


def test_without_grain_pigs_go_first(state: State, around: Surroundings) -> None:
    """Of the herd that can be fed without grain: the cover, of pigs only a part of it."""
    context, none = around(11), jnp.zeros(40)
    fed = {species: np.asarray(herd_fed(species, none, context)) for species in SPECIES}
    part = float(context.parameters["pigs_rough_fodder"])
    np.testing.assert_allclose(fed["pigs"], part * fed["cattle"], rtol=1e-6)
    rich, poor = (turnover(_stocked(state, grain), context)[1] for grain in (1.0, 0.05))
    more = {
        species: np.asarray(poor[f"{species}_slaughtered_own"]).sum()
        / np.asarray(rich[f"{species}_slaughtered_own"]).sum()
        for species in SPECIES
    }
    assert more["pigs"] > more["cattle"] > 1


def test_a_kolkhoz_spreads_its_fodder_over_the_winter(state: State, around: Surroundings) -> None:
    """With much too little and nothing coming in, every month gets its part of the whole."""
    herds = {f"kolkhoz_{s}": state.households.horses.sum(axis=1) for s in SPECIES}
    start, left = 0.01, jnp.full(40, 0.01)
    for month in (10, 11, 12, 1, 2, 3, 4, 5):
        villages = replace(state.villages, kolkhoz_grain=left, **herds)
        given = feeding(replace(state, villages=villages), around(month)).kolkhoz_grain
        part = np.asarray(given).mean() / start
        usual = seasons()["stall_feeding"][month - 1]
        assert 0.9 * usual < part < 1.1 * usual + 0.01
        left = left - given
    assert (np.asarray(left) < 0.05 * start).all()


def test_part_of_the_rest_follows_from_the_calendar() -> None:
    need, table = seasons()["stall_feeding"], seasons()["stall_feeding_of_rest"]
    winter = [9, 10, 11, 12, 1, 2, 3, 4, 5]
    for index, month in enumerate(winter):
        rest = sum(need[m - 1] for m in winter[index:])
        assert table[month - 1] == pytest.approx(need[month - 1] / rest, abs=1e-3)
    assert not need[5:8].any()


def test_an_ordered_fodder_fund_is_kept_back(state: State, around: Surroundings) -> None:
    herds = {f"kolkhoz_{s}": state.households.horses.sum(axis=1) for s in SPECIES}
    farm = replace(state, villages=replace(state.villages, **herds))
    kept = [np.asarray(reserved_grain(farm, around(10, fodder_fund=f))) for f in (0.0, 0.5, 1.0)]
    np.testing.assert_allclose(kept[1], (kept[0] + kept[2]) / 2, rtol=1e-6)
    assert (kept[2] > kept[0]).all()


def test_orders_to_keep_young_stock_bind_common_herds_only(
    state: State, around: Surroundings
) -> None:
    herds = {f"kolkhoz_{s}": getattr(state.households, s).sum(axis=1) for s in SPECIES}
    farm = replace(state, villages=replace(state.villages, **herds))
    free, bound, off = (
        turnover(farm, context)[1]
        for context in (
            around(11),
            around(11, young_stock_kept=1.0),
            around(11, young_stock_kept=1.0, off=["young_stock_kept"]),
        )
    )
    for species in SPECIES:
        name = f"{species}_slaughtered_kolkhoz"
        assert not np.asarray(bound[name]).any()
        np.testing.assert_array_equal(off[name], free[name])
        np.testing.assert_array_equal(
            bound[f"{species}_slaughtered_own"], free[f"{species}_slaughtered_own"]
        )
