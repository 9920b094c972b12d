import numpy as np
import pytest
import toy

from perelom.errors import AccountError, FitError
from perelom.inference.fitting import Fit, fit
from perelom.inference.smoother import FARTHEST, update
from perelom.inference.transform import to_normal
from perelom.inference.workers import Forward

MEMBERS = 200


@pytest.fixture(scope="module", params=[0.0, 0.1], ids=["linear", "mildly bent"])
def fitted(request: pytest.FixtureRequest) -> Fit:
    return fit(toy.problem(request.param), toy.Memory(), members=MEMBERS, iterations=4, seed=3)


def relevant(done: Fit) -> list[int]:
    return [n for n, name in enumerate(done.problem.free) if name in toy.TRUTH]


def test_the_truth_lies_inside_ninety_per_cent(fitted: Fit) -> None:
    sets = [toy.TRUTH | dict.fromkeys(toy.IRRELEVANT, 0.0)]
    truth = to_normal(sets, fitted.problem.free)[0, relevant(fitted)]
    low, high = np.quantile(fitted.posterior.normal[:, relevant(fitted)], [0.05, 0.95], axis=0)
    assert ((low <= truth) & (truth <= high)).all()


def test_the_posterior_is_narrower_than_the_prior(fitted: Fit) -> None:
    ratio = fitted.posterior.normal.std(axis=0) / fitted.prior.normal.std(axis=0)
    assert (ratio[relevant(fitted)] < 0.5).all()


def test_what_no_observation_depends_on_keeps_its_prior_spread(fitted: Fit) -> None:
    others = [n for n in range(len(fitted.problem.free)) if n not in relevant(fitted)]
    ratio = fitted.posterior.normal.std(axis=0) / fitted.prior.normal.std(axis=0)
    assert (ratio[others] > 0.85).all()
    assert (np.abs(fitted.posterior.normal.mean(axis=0)[others]) < 0.3).all()


def test_the_misfit_falls(fitted: Fit) -> None:
    before, after = (
        np.median(fitted.likelihood.misfit(stage.simulated))
        for stage in (fitted.prior, fitted.posterior)
    )
    assert after < 0.2 * before


def test_a_linear_gaussian_update_is_the_exact_one() -> None:
    rng = np.random.default_rng(1)
    members, slope, error, seen = 4000, 0.8, 0.5, 1.3
    normal = rng.normal(size=(members, 1))
    for step in range(2):
        normal = update(
            normal,
            slope * normal,
            np.array([seen]),
            np.array([error]),
            inflation=2.0,
            seed=(7, step + 1),
        )
    variance = 1 / (1 + slope**2 / error**2)
    assert normal.mean() == pytest.approx(variance * slope * seen / error**2, abs=0.05)
    assert normal.std() == pytest.approx(np.sqrt(variance), rel=0.05)


def test_observations_without_spread_change_nothing() -> None:
    rng = np.random.default_rng(2)
    normal = rng.normal(size=(50, 3))
    simulated = np.column_stack([normal[:, 0], np.full(50, 7.0)])
    error = np.full(2, 0.5)
    one = update(normal, simulated, np.array([1.0, 7.0]), error, inflation=1.0, seed=(1,))
    other = update(normal, simulated, np.array([1.0, 99.0]), error, inflation=1.0, seed=(1,))
    flat = update(normal, np.full((50, 2), 7.0), np.zeros(2), error, inflation=1.0, seed=(1,))
    assert np.array_equal(one, other)
    assert np.array_equal(flat, normal)


def test_a_failed_member_is_replaced_near_a_good_one() -> None:
    rng = np.random.default_rng(2)
    normal = rng.normal(size=(50, 3))
    simulated = normal[:, :1].copy()
    simulated[[3, 8]] = np.nan
    moved = update(normal, simulated, np.array([1.0]), np.array([0.5]), inflation=1.0, seed=(1,))
    assert np.isfinite(moved).all()
    good = np.delete(moved, [3, 8], axis=0)
    for failed in (3, 8):
        nearest = np.abs(good - moved[failed]).max(axis=1).min()
        assert 0 < nearest < 1.0


def test_no_member_leaves_its_prior_however_far_the_observation_is() -> None:
    normal = np.random.default_rng(2).normal(size=(50, 1))
    far = update(normal, normal, np.array([1e6]), np.array([0.1]), inflation=1.0, seed=(1,))
    assert np.abs(far).max() <= FARTHEST


def test_same_seed_same_bits() -> None:
    one, two = (
        fit(toy.problem(), toy.Memory(), members=30, iterations=2, seed=3).posterior.normal
        for _ in range(2)
    )
    assert np.array_equal(one, two)


def fails_sometimes() -> Forward:
    def forward(number: int, parameters: dict[str, float]) -> np.ndarray:
        if number % 7 == 0:
            raise AccountError("the account of the toy does not close")
        values = toy.respond(0.0, number, parameters)
        return np.full_like(values, np.nan) if number % 11 == 0 else values

    return forward


def test_failed_and_empty_members_take_no_part() -> None:
    done = fit(toy.problem(make=fails_sometimes), toy.Memory(), members=60, iterations=2, seed=3)
    lost = [n for n in range(60) if n % 7 == 0 or n % 11 == 0]
    assert np.flatnonzero(~done.posterior.good).tolist() == lost
    assert done.posterior.simulated.shape == (60 - len(lost), toy.POINTS)


def fails_always() -> Forward:
    def forward(_number: int, _parameters: dict[str, float]) -> np.ndarray:
        raise AccountError("the account of the toy does not close")

    return forward


def test_a_model_that_never_runs_through_is_one_clear_error() -> None:
    with pytest.raises(FitError, match=r"only 0 of 12 members.*does not close"):
        fit(toy.problem(make=fails_always), toy.Memory(), members=12, iterations=1, seed=3)


@pytest.mark.parametrize(("members", "iterations"), [(9, 4), (50, 0)])
def test_too_small_a_fit_is_refused(members: int, iterations: int) -> None:
    with pytest.raises(FitError, match="at least 10 members"):
        fit(toy.problem(), toy.Memory(), members=members, iterations=iterations, seed=3)
