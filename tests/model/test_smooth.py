"""Smooth forms of kinks: bounds, closed forms, finite gradients."""

import hypothesis.strategies as st
import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given
from hypothesis.extra.numpy import arrays

from perelom.model.smooth import excess, power, ratio, smooth_min

amounts = st.one_of(st.just(0.0), st.floats(1e-6, 1e12))
pairs = arrays(np.float64, (2, 5), elements=amounts)
triples = arrays(np.float64, (3, 5), elements=amounts)


@given(triples)
def test_smooth_min_lies_just_below_the_least(values: np.ndarray) -> None:
    least = values.min(axis=0)
    found = np.asarray(smooth_min(*jnp.asarray(values)))
    assert (found <= least).all()
    assert (found >= least * (1 - 0.04)).all()


@given(pairs)
def test_smooth_min_takes_its_arguments_in_any_order(values: np.ndarray) -> None:
    first, second = jnp.asarray(values)
    np.testing.assert_allclose(smooth_min(first, second), smooth_min(second, first), rtol=1e-12)


@given(pairs, st.floats(0.0, 1e6))
def test_smooth_min_rises_with_each_argument(values: np.ndarray, more: float) -> None:
    first, second = jnp.asarray(values)
    before, after = smooth_min(first, second), smooth_min(first + more, second)
    assert (np.asarray(after) >= np.asarray(before) * (1 - 1e-12)).all()


@pytest.mark.parametrize(
    ("values", "wanted"),
    [((3.0, 3.0), 3 / 1.02), ((0.0, 5.0), 0.0), ((2.0, 4e9), 2.0), ((0.0, 0.0), 0.0)],
)
def test_smooth_min_closed_forms(values: tuple[float, float], wanted: float) -> None:
    np.testing.assert_allclose(smooth_min(*(jnp.asarray(v) for v in values)), wanted, rtol=1e-9)


@given(pairs)
def test_smooth_min_has_finite_gradients_between_zero_and_one(values: np.ndarray) -> None:
    slopes = jax.grad(lambda x: smooth_min(x[0], x[1]).sum())(jnp.asarray(values))
    assert np.isfinite(slopes).all()
    assert (np.asarray(slopes) >= -1e-9).all()
    assert (np.asarray(slopes) <= 1 + 1e-9).all()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_smooth_min_in_both_precisions(dtype: type) -> None:
    values = jnp.asarray([1e-20, 1.0, 1e15], dtype)
    found = smooth_min(values, values[::-1])
    assert found.dtype == dtype
    assert np.isfinite(found).all()


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e3))
def test_excess_is_a_hinge_from_below(value: float, width: float) -> None:
    found = float(excess(jnp.asarray(value), width))
    assert found <= max(value, 0.0)
    assert found >= max(value - width, 0.0) * (1 - 1e-12)
    if value <= 0:
        assert found == 0
    else:
        np.testing.assert_allclose(found, value**2 / (value + width), rtol=1e-12)


@given(st.floats(-10, 10))
def test_excess_has_no_kink(value: float) -> None:
    slope = float(jax.grad(lambda x: excess(x, 0.5))(jnp.asarray(value)))
    assert np.isfinite(slope)
    assert 0 <= slope <= 1
    if value <= 0:
        assert slope == 0


@given(st.floats(-1e6, 1e6), st.one_of(st.just(0.0), st.floats(1e-6, 1e6)))
def test_ratio(numerator: float, denominator: float) -> None:
    found = float(ratio(jnp.asarray(numerator), jnp.asarray(denominator)))
    assert found == (numerator / denominator if denominator > 0 else 0.0)
    for argument in (0, 1):
        slope = jax.grad(ratio, argnums=argument)(jnp.asarray(numerator), jnp.asarray(denominator))
        assert np.isfinite(slope)


@given(st.one_of(st.just(0.0), st.floats(1e-9, 1e6)), st.floats(0.05, 4.0))
def test_power(base: float, exponent: float) -> None:
    found = float(power(jnp.asarray(base), jnp.asarray(exponent)))
    np.testing.assert_allclose(found, base**exponent, rtol=1e-9)
    for argument in (0, 1):
        slope = jax.grad(power, argnums=argument)(jnp.asarray(base), jnp.asarray(exponent))
        assert np.isfinite(slope)
