"""S25: losses from field to barn. Check: losses rise with the labour and draught shortage."""

import jax.numpy as jnp
import numpy as np
import pytest

from country import Country, Surroundings
from perelom.model.harvest import harvest_loss


def _loss(around: Surroundings, quality: float, gap: float, **given: object) -> np.ndarray:
    context = around(8, **given)  # type: ignore[arg-type]
    return np.asarray(harvest_loss(jnp.full(40, quality), jnp.full(40, gap), context))


def test_normal_work_loses_the_normal_share(around: Surroundings) -> None:
    normal = float(around().parameters["harvest_loss_normal"])
    np.testing.assert_allclose(_loss(around, 1.0, 0.0), normal, rtol=1e-12)


def test_losses_rise_with_neglect_and_with_carting_that_lags(around: Surroundings) -> None:
    careless = [_loss(around, quality, 0.2)[0] for quality in (1.0, 0.8, 0.5, 0.2)]
    lagging = [_loss(around, 0.9, gap)[0] for gap in (0.0, 0.3, 0.6, 1.0)]
    assert careless == sorted(careless)
    assert lagging == sorted(lagging)
    assert careless[0] < careless[-1]
    assert lagging[0] < lagging[-1]


def test_losses_are_bounded(around: Surroundings) -> None:
    most = float(around().parameters["harvest_loss_greatest"])
    worst = {"harvest_loss_of_effort": 5.0, "harvest_loss_of_draught_gap": 5.0}
    assert _loss(around, 0.0, 1.0, parameters=worst)[0] <= most
    assert _loss(around, 0.0, 1.0)[0] < most


def test_without_the_mechanism_losses_stay_normal(around: Surroundings) -> None:
    normal = float(around().parameters["harvest_loss_normal"])
    np.testing.assert_allclose(_loss(around, 0.3, 1.0, off=["harvest_losses"]), normal)


@pytest.mark.xdist_group("expected")
def test_less_reaches_the_barn_in_1931_through_losses(expected_country: Country) -> None:
    barn = ("harvest_own", "harvest_kolkhoz")
    plain = expected_country.run(until="1931-12").between("1931-07", "1931-10", *barn)
    careful = expected_country.run(off=["harvest_losses"], until="1931-12")
    assert careful.between("1931-07", "1931-10", *barn) > 1.01 * plain
