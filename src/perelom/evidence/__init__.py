"""What is known: observations, sources, places, parameters, claims, and how each is compared."""

from perelom.evidence.observed import observations
from perelom.evidence.places import crosswalk, region_weights, regions
from perelom.evidence.priors import Parameter, parameters
from perelom.evidence.records import (
    claims,
    conflicts,
    conversions,
    sources,
    systems,
    targets,
    timeline,
)
from perelom.evidence.splitting import split
from perelom.evidence.status import systems_status

__all__ = [
    "Parameter",
    "claims",
    "conflicts",
    "conversions",
    "crosswalk",
    "observations",
    "parameters",
    "region_weights",
    "regions",
    "sources",
    "split",
    "systems",
    "systems_status",
    "targets",
    "timeline",
]
