"""Which raions and villages stand for the country, and what each weighs.

Every raion has the same number of villages, K = max(8, villages / 3000 rounded up), so that a
raion sum is a sum over an axis. The number of raions is villages / K, even, so that two devices
can share them. Each region has at least one; the rest go by the region's number of villages to
a power: 0.5 (square root) at 320 villages, 1 (proportional) at the full number, in between by
the logarithm of the number of villages, rounded by largest remainder. For gradient tests one or
more raions of a single village a region are allowed (multiples of 40 below 320).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from perelom.errors import WorldSizeError
from perelom.world.geography import REGION_COUNT

SMALLEST_RAION = 8
RAIONS_AT_FULL_SCALE = 3000
SMALLEST_WORLD = SMALLEST_RAION * REGION_COUNT
LARGEST_WORLD = 400_000

Array = NDArray[np.float64]
Indices = NDArray[np.int64]


@dataclass(frozen=True)
class Design:
    """The sample: villages ordered by raion, raions by region.

    raions_by_region [region]; raion_region [raion]; village_region [village];
    weight [region]: real villages that a sampled village of the region stands for.
    """

    villages_per_raion: int
    raions_by_region: Indices
    raion_region: Indices
    village_region: Indices
    weight: Array

    @property
    def villages(self) -> int:
        """Number of sampled villages."""
        return len(self.village_region)

    def slices(self) -> list[slice]:
        """Return the villages of each region as slices, in region order."""
        ends = np.cumsum(self.raions_by_region) * self.villages_per_raion
        return [slice(int(a), int(b)) for a, b in zip(np.r_[0, ends[:-1]], ends, strict=True)]


def design_sample(villages: int, region_villages: Array) -> Design:
    """Design a sample of about `villages` villages from [region] real villages.

    The number built differs from the number asked for by less than two raions.
    """
    raion_size = _raion_size(villages)
    raions = max(REGION_COUNT, 2 * round(villages / raion_size / 2))
    counts = _allocate(raions, region_villages, _power(villages, float(region_villages.sum())))
    raion_region = np.repeat(np.arange(REGION_COUNT), counts)
    return Design(
        villages_per_raion=raion_size,
        raions_by_region=counts,
        raion_region=raion_region,
        village_region=np.repeat(raion_region, raion_size),
        weight=region_villages / (counts * raion_size),
    )


def check_size(villages: int) -> None:
    """Refuse a number of villages that cannot be built.

    Raises
    ------
    WorldSizeError
        If it is below or above what the design allows.

    """
    if not (_is_tiny(villages) or SMALLEST_WORLD <= villages <= LARGEST_WORLD):
        raise WorldSizeError(
            f"{villages} villages cannot be built: allowed are {SMALLEST_WORLD} to {LARGEST_WORLD} "
            f"(or, for gradient tests, a multiple of {REGION_COUNT} below {SMALLEST_WORLD})"
        )


def _is_tiny(villages: int) -> bool:
    return 0 < villages < SMALLEST_WORLD and villages % REGION_COUNT == 0


def _raion_size(villages: int) -> int:
    """Return the villages a raion for a world of a given size, or refuse the size."""
    check_size(villages)
    if _is_tiny(villages):
        return 1
    return max(SMALLEST_RAION, -(-villages // RAIONS_AT_FULL_SCALE))


def _power(villages: int, full: float) -> float:
    """Return the power of region size by which raions are allotted, 0.5 to 1."""
    position = np.log(max(villages, 1) / SMALLEST_WORLD) / np.log(full / SMALLEST_WORLD)
    return float(0.5 + 0.5 * np.clip(position, 0.0, 1.0))


def _allocate(raions: int, size: Array, power: float) -> Indices:
    """Allot raions by size**power with at least one a region (largest remainder)."""
    spare = raions - REGION_COUNT
    ideal = raions * size**power / (size**power).sum()
    above = np.maximum(ideal - 1.0, 0.0)
    share = spare * above / above.sum()
    counts: Indices = np.floor(share).astype(np.int64)
    remainder = spare - int(counts.sum())
    order = np.argsort(counts - share, kind="stable")
    counts[order[:remainder]] += 1
    counts += 1
    return counts
