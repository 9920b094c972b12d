"""The sampling design: sizes, weights, names."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perelom.errors import WorldSizeError
from perelom.world.geography import KUZNETSK, KUZNETSK_RAIONS, name_raions, region_index
from perelom.world.reconcile import targets
from perelom.world.sampling import LARGEST_WORLD, SMALLEST_WORLD, design_sample


@settings(deadline=None, max_examples=40)
@given(st.integers(SMALLEST_WORLD, LARGEST_WORLD))
def test_design_holds_at_every_size(villages: int) -> None:
    design = design_sample(villages, targets().villages)
    raions = len(design.raion_region)
    assert raions % 2 == 0
    assert design.villages_per_raion >= 8
    assert design.raions_by_region.min() >= 1
    assert design.villages == raions * design.villages_per_raion
    assert abs(design.villages - villages) < 2 * design.villages_per_raion
    sampled = design.raions_by_region * design.villages_per_raion
    np.testing.assert_allclose(sampled * design.weight, targets().villages)


@pytest.mark.parametrize("villages", [40, 80, 280])
def test_small_worlds_for_gradients(villages: int) -> None:
    design = design_sample(villages, targets().villages)
    assert design.villages == villages
    assert design.villages_per_raion == 1


@pytest.mark.parametrize("villages", [-40, 0, 1, 41, 319, 400_001])
def test_other_sizes_are_refused(villages: int) -> None:
    with pytest.raises(WorldSizeError, match="320 to 400000"):
        design_sample(villages, targets().villages)


def test_full_scale_is_nearly_unweighted() -> None:
    design = design_sample(290_000, targets().villages)
    assert design.weight.min() > 0.9
    assert design.weight.max() < 1.1
    assert 2900 <= len(design.raion_region) <= 3000


def test_raions_are_named() -> None:
    design = design_sample(2000, targets().villages)
    names = name_raions(design.raions_by_region)
    assert len(set(names)) == len(names)
    assert "Northern krai, raion 01" in names
    first = int(design.raions_by_region[: region_index(KUZNETSK)].sum())
    assert names[first] == f"{KUZNETSK_RAIONS[0]} raion"
