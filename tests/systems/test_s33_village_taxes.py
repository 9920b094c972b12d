"""S33: taxes of the village. Check: how the burden is spread."""

from dataclasses import replace

import jax.numpy as jnp
import numpy as np

from country import Surroundings
from perelom.model.taxes import kolkhoz_money, tax_due, tax_villages
from perelom.world.state import State


def _due(state: State, around: Surroundings, month: int = 12, **how: object) -> np.ndarray:
    return np.asarray(tax_due(state, around(month, **how)), float)  # type: ignore[arg-type]


def test_the_tax_is_progressive(state: State, around: Surroundings) -> None:
    land = np.asarray(state.households.land, float)
    due = _due(state, around)
    has = land > 0.1
    burden = due[has] / land[has]
    order = np.argsort(land[has])
    poor, rich = burden[order[: len(order) // 5]], burden[order[-len(order) // 5 :]]
    assert rich.mean() > 1.15 * poor.mean()


def test_those_outside_the_kolkhoz_pay_more(state: State, around: Surroundings) -> None:
    plain, pressed = _due(state, around), _due(state, around, tax_on_individuals=1.0)
    outside = np.asarray(state.households.outside) > 0
    rate = 1 + float(around().parameters["tax_on_individuals_rate"])
    np.testing.assert_allclose(pressed[outside], rate * plain[outside], rtol=1e-5)
    np.testing.assert_array_equal(pressed[~outside], plain[~outside])


def test_nobody_pays_more_than_a_share_of_his_cash(state: State, around: Surroundings) -> None:
    context = around(12, agricultural_tax=4.0)
    after, flows, _ = tax_villages(state, context)
    paid = np.asarray(state.households.cash - after.households.cash, float)
    most = np.asarray(state.households.cash * context.parameters["tax_cash_share"], float)
    assert (paid <= most * (1 + 1e-4) + 1e-4).all()
    np.testing.assert_allclose(paid.sum(), np.asarray(flows["tax_own"]).sum(), rtol=1e-4)


def test_no_tax_in_spring_none_without_rate_none_switched_off(
    state: State, around: Surroundings
) -> None:
    assert _due(state, around).sum() > 0
    assert not _due(state, around, 5).any()
    assert not _due(state, around, agricultural_tax=0.0).any()
    assert not _due(state, around, off=["agricultural_tax"]).any()


def test_kolkhoz_money_goes_by_labour_days(state: State, around: Surroundings) -> None:
    households, villages = state.households, state.villages
    days = households.present * jnp.arange(households.present.shape[1], dtype=households.cash.dtype)
    state = replace(
        state,
        households=replace(households, labour_days=days),
        villages=replace(villages, kolkhoz_cash=jnp.full_like(villages.kolkhoz_cash, 1000.0)),
    )
    context = around()
    after, flows, _ = kolkhoz_money(state, context)
    got = np.asarray(after.households.cash - households.cash, float)
    worked = np.asarray(days, float)
    np.testing.assert_allclose(
        got, got.sum(1, keepdims=True) * worked / worked.sum(1, keepdims=True), atol=1e-3
    )
    share = float(context.parameters["kolkhoz_money_given_out"])
    np.testing.assert_allclose(flows["kolkhoz_money_given_out"], share * 1000, rtol=1e-5)
