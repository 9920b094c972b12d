"""The 40 units of space: regions of 1930-33 with Ukraine by oblast and Kuznetsk okrug apart.

The order of `REGION_NAMES` is the order of every `region` axis. System S06 reads its types of
region from here through the margins.
"""

import numpy as np
from numpy.typing import NDArray

_RSFSR = (
    "Northern krai",
    "Karelian ASSR",
    "Leningrad oblast",
    "Western oblast",
    "Moscow oblast",
    "Ivanovo Industrial oblast",
    "Nizhny Novgorod krai",
    "Central Black Earth oblast",
    "Middle Volga krai",
    "Lower Volga krai",
    "North Caucasus krai",
    "Dagestan ASSR",
    "Crimean ASSR",
    "Tatar ASSR",
    "Bashkir ASSR",
    "Urals oblast",
    "East Siberia krai",
    "Buryat-Mongol ASSR",
    "Yakut ASSR",
    "Far Eastern krai",
    "Kazakh ASSR",
    "Karakalpak ASSR",
    "Kirghiz ASSR",
)
_TRANSCAUCASIA = ("Georgian SSR", "Armenian SSR", "Azerbaijan SSR")
_UKRAINE = (
    "Kyiv oblast",
    "Vinnytsia oblast",
    "Kharkiv oblast",
    "Dnipropetrovsk oblast",
    "Odesa oblast",
    "Donetsk oblast",
    "Chernihiv oblast",
    "Moldavian ASSR",
)
KUZNETSK = "Kuznetsk okrug"
_WEST_SIBERIA = (KUZNETSK, "West Siberia krai (rest)")

REGION_NAMES: tuple[str, ...] = (
    *_RSFSR,
    "Belorussian SSR",
    *_TRANSCAUCASIA,
    "Uzbek SSR",
    "Turkmen SSR",
    "Tajik SSR",
    *_UKRAINE,
    *_WEST_SIBERIA,
)
REGION_COUNT = len(REGION_NAMES)

REPUBLICS: dict[str, tuple[str, ...]] = {
    "RSFSR": (*_RSFSR, *_WEST_SIBERIA),
    "Ukrainian SSR": _UKRAINE,
    "Belorussian SSR (republic)": ("Belorussian SSR",),
    "Transcaucasian SFSR": _TRANSCAUCASIA,
    "Uzbek SSR (republic)": ("Uzbek SSR", "Tajik SSR"),
    "Turkmen SSR (republic)": ("Turkmen SSR",),
}
"""Union republics in the borders of 1926, as the census printed their margins."""

KUZNETSK_RAIONS = (
    "Shcheglovsk",
    "Belovo",
    "Berezovo",
    "Verkh-Chebula",
    "Yurga",
    "Bogorodsky",
    "Polomoshino",
    "Kuznetsk",
    "Topki",
    "Leninsk",
    "Prokopyevsk",
)


def region_index(name: str) -> int:
    """Return the position of a region on the `region` axis."""
    return REGION_NAMES.index(name)


def members(republic: str) -> NDArray[np.int64]:
    """Return the positions of a republic's regions on the `region` axis."""
    return np.array([region_index(name) for name in REPUBLICS[republic]])


def name_raions(raions_by_region: NDArray[np.int64]) -> tuple[str, ...]:
    """Name every raion: known names in Kuznetsk okrug, elsewhere region and number.

    Where Kuznetsk okrug has more raions than names, the names go round with a number.
    """
    names = []
    for region, count in zip(REGION_NAMES, raions_by_region, strict=True):
        for number in range(int(count)):
            if region == KUZNETSK:
                turn, place = divmod(number, len(KUZNETSK_RAIONS))
                suffix = f" {turn + 1}" if turn else ""
                names.append(f"{KUZNETSK_RAIONS[place]} raion{suffix}")
            else:
                names.append(f"{region}, raion {number + 1:02d}")
    return tuple(names)
