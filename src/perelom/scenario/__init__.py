"""What is decided: levers, dated decisions, shocks, and how scenarios are read and checked."""

from perelom.scenario.levers import levers
from perelom.scenario.load import Scenario, load, names

__all__ = ["Scenario", "levers", "load", "names"]
