"""What a mechanism may look at besides the state: place, luck, levers, numbers, season."""

import equinox as eqx
from jaxtyping import Array, Float

from perelom.model.draws import Draws
from perelom.world.state import Geography, Regions


class Reference(eqx.Module):
    """Sizes of December 1926 that later months are compared with.

    herd: head of a species a rural person, by region; january_herd: the same on 1 January.
    sown: grain area, ha a rural person.
    harvest: barn harvest of a year of average weather on the area of 1926, t.
    rural_persons: persons, by cell. take: share of the harvest that peasants expected to be taken.
    land: sown area, ha. investment: roubles of 1926/27 a year. regions: what regions were like on
    the first day.
    """

    herd: Float[Array, "species region"]
    january_herd: Float[Array, "species region"]
    sown: Float[Array, " region"]
    harvest: Float[Array, " region"]
    rural_persons: Float[Array, "cell region"]
    take: Float[Array, " region"]
    land: Float[Array, " region"]
    investment: Float[Array, ""]
    regions: Regions


class Needs(eqx.Module):
    """What households need this month: persons who eat, and grain they want, t."""

    persons: Float[Array, "village slot"]
    bread: Float[Array, "village slot"]


class Context(eqx.Module):
    """One month's surroundings.

    parameters: by name, in household precision. levers: by name, one value a region.
    switches: by mechanism name, 1 on and 0 off. seasons: by name, the value of this month.
    drought: severity by region this month, 0 none to 3 extreme. needs: counted beforehand, or
    None where mechanisms are to count themselves.
    """

    geography: Geography
    reference: Reference
    draws: Draws
    parameters: dict[str, Float[Array, ""]]
    levers: dict[str, Float[Array, " region"]]
    switches: dict[str, Float[Array, ""]]
    seasons: dict[str, Float[Array, ""]]
    drought: Float[Array, " region"]
    needs: Needs | None = None


Flows = dict[str, Float[Array, "..."]]
"""Flows of a line of the month by name: village values, or region values for state and towns."""


def together(*books: Flows) -> Flows:
    """Add up flows, or notes, that several mechanisms report under the same names."""
    added: Flows = {}
    for book in books:
        for name, amount in book.items():
            added[name] = added[name] + amount if name in added else amount
    return added
