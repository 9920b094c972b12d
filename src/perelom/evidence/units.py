"""Units of measure, at the boundary: old Russian measures, people, farms, kinds of rouble (S09).

Money of another kind is another dimension: gold roubles, current roubles and roubles of 1926/27
never convert into one another here, because no single factor is true.
"""

from __future__ import annotations

from functools import lru_cache

import pint

from perelom.errors import UnitError

KG_PER_POOD = 16.3805
KG_PER_ROUNDED_POOD = 16.0
"""What a pood was taken for by sources that converted roughly; kept to show the difference."""
HECTARES_PER_DESIATINA = 1.0925
LITRES_PER_VEDRO = 12.299

_DEFINITIONS = (
    "person = [person] = persons",
    "head = [animal]",
    "household = [household] = households = family = families",
    "kolkhoz = [kolkhoz] = kolkhozes",
    "labour_day = [labour_day] = labour_days",
    "machine = [machine] = machines",
    "share = []",
    f"pood = {KG_PER_POOD} kilogram = poods",
    f"rounded_pood = {KG_PER_ROUNDED_POOD} kilogram = rounded_poods",
    f"desiatina = {HECTARES_PER_DESIATINA} hectare = desiatinas",
    f"vedro = {LITRES_PER_VEDRO} liter",
    "centner = 100 kilogram = centners",
    "Mt = 1e9 kilogram",
    "kt = 1e6 kilogram",
    "t = 1e3 kilogram",
    "ha = hectare",
    "Mha = 1e6 hectare",
    "thousand_ha = 1e3 hectare",
    "thousand_km2 = 1e3 kilometer ** 2",
    "million_head = 1e6 head",
    "thousand_head = 1e3 head",
    "million_persons = 1e6 person",
    "thousand_persons = 1e3 person",
    "million_households = 1e6 household",
    "thousand_households = 1e3 household",
    "thousand_units = 1e3 machine",
    "thousand_hp = 1e3 horsepower",
    "per_1000 = 1e-3",
    "million_poods = 1e6 pood",
    "thousand_poods = 1e3 pood",
    "million_rounded_poods = 1e6 rounded_pood",
    "rouble_current = [rouble_current] = roubles_current",
    "rouble_gold = [rouble_gold] = gold_roubles",
    "rouble_1926_27 = [rouble_1926_27] = roubles_1926_27",
    "rouble_1950_rate = [rouble_1950_rate] = roubles_1950_rate",
    "rouble_4_38_rate = [rouble_4_38_rate] = roubles_4_38_rate",
    "new_rouble = [new_rouble] = new_roubles",
    "million_roubles_current = 1e6 rouble_current",
    "billion_roubles_current = 1e9 rouble_current",
    "million_gold_roubles = 1e6 rouble_gold",
    "billion_roubles_1926_27 = 1e9 rouble_1926_27",
    "million_roubles_1950_rate = 1e6 rouble_1950_rate",
    "million_roubles_4_38_rate = 1e6 rouble_4_38_rate",
)


@lru_cache(maxsize=1)
def registry() -> pint.UnitRegistry[float]:
    """Return the registry of units, with the measures of the period defined."""
    units: pint.UnitRegistry[float] = pint.UnitRegistry(on_redefinition="ignore")
    for definition in _DEFINITIONS:
        units.define(definition)
    return units


def is_unit(name: str) -> bool:
    """Return whether a name is a unit that can be converted."""
    try:
        registry().parse_units(name)
    except (pint.PintError, ValueError, AttributeError, TypeError):
        return False
    return True


@lru_cache(maxsize=1024)
def factor(source: str, target: str) -> float:
    """Return the number by which a value in one unit is multiplied to stand in another.

    Raises
    ------
    UnitError
        A unit is unknown, or the two do not measure the same kind of quantity.

    """
    if source == target:
        return 1.0
    for name in (source, target):
        if not is_unit(name):
            raise UnitError(f"unknown unit '{name}'")
    try:
        return float(registry().Quantity(1.0, source).to(target).magnitude)
    except pint.DimensionalityError:
        raise UnitError(
            f"'{source}' cannot be converted to '{target}': they measure different things"
        ) from None


def convert(value: float | int, source: str, target: str) -> float:
    """Return a value given in one unit in another.

    Raises
    ------
    UnitError
        A unit is unknown, or the two do not measure the same kind of quantity.

    """
    return value * factor(source, target)


def rounded_pood_suspected(poods: float | int, kilograms: float | int) -> bool:
    """Return whether a source's conversion of poods into kilograms used 16 kg a pood."""
    if poods == 0:
        return False
    used = kilograms / poods
    return abs(used - KG_PER_ROUNDED_POOD) < abs(used - KG_PER_POOD)
