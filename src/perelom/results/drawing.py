"""Drawing over time as plain SVG; colours are CSS variables, so that light, dark and print read."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

import numpy as np

from perelom.results.page import number
from perelom.results.series import Line

YEARS = (1926.3, 1941.2)
"""First and last moment that a chart shows, in decimal years."""

_SHOWN_YEARS = range(1927, 1941, 2)
_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
_MOST_LINES = 6
"""Most horizontal lines of a grid."""
_SHADE = 0.16
"""How dense the area between the 5% and the 95% of an ensemble is drawn."""


@dataclass(frozen=True)
class Frame:
    """A plot: its place in the drawing, in points, and the values at its lower and upper edge."""

    left: float
    top: float
    width: float
    height: float
    low: float
    high: float

    def x(self, years: np.ndarray | float) -> np.ndarray:
        """Return where moments lie across the drawing."""
        first, last = YEARS
        return np.asarray(self.left + (np.asarray(years) - first) / (last - first) * self.width)

    def y(self, values: np.ndarray | float) -> np.ndarray:
        """Return where values lie down the drawing."""
        share = (np.asarray(values) - self.low) / (self.high - self.low)
        return np.asarray(self.top + (1 - share) * self.height)


@dataclass(frozen=True)
class Stroke:
    """How a line is drawn: colour, width in points, dashes in points (none: drawn through)."""

    colour: str
    width: float = 1.8
    dashes: tuple[float, ...] = ()

    def attributes(self) -> str:
        """Return the attributes of a path."""
        dashes = f' stroke-dasharray="{" ".join(f"{d:g}" for d in self.dashes)}"'
        return f'fill="none" stroke="{self.colour}" stroke-width="{self.width:g}"' + (
            dashes if self.dashes else ""
        )


def svg(width: float, height: float, parts: Iterable[str]) -> str:
    """Return a drawing of this size, in points."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" '
        f'font-size="10">\n{"".join(parts)}</svg>'
    )


def extent(shown: Iterable[np.ndarray]) -> tuple[float, float]:
    """Return the lowest and the highest of all values that a plot shows."""
    values = np.concatenate([np.asarray(one, dtype=np.float64) for one in shown])
    known = values[np.isfinite(values)]
    return (float(known.min()), float(known.max())) if known.size else (0.0, 1.0)


def limits(low: float, high: float) -> tuple[float, float]:
    """Return the values at the edges of a plot: zero where it is near, else a little room."""
    if low < 0.55 * high or high - low < 0.1 * high:
        low = min(0.0, low)
    room = 0.04 * ((high - low) or 1.0)
    return low - (room if low else 0.0), high + room


def grid(frame: Frame, *, years: bool = True) -> str:
    """Draw horizontal lines with their values, and the years below."""
    right = frame.left + frame.width
    values, digits = _round_values(frame.low, frame.high)
    drawn = []
    for value in values:
        y = float(frame.y(value))
        drawn.append(f'<path d="M{frame.left:.1f} {y:.1f}H{right:.1f}" stroke="var(--rule)"/>')
        drawn.append(text(frame.left - 5, y + 3.5, number(value, digits), anchor="end"))
    if years:
        below = frame.top + frame.height + 17
        drawn += [
            text(float(frame.x(float(y))), below, str(y), anchor="middle") for y in _SHOWN_YEARS
        ]
    return "".join(drawn)


def text(x: float, y: float, words: str, *, anchor: str = "start") -> str:
    """Write words at a place of the drawing."""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" fill="var(--ink)" text-anchor="{anchor}">'
        f"{escape(words)}</text>"
    )


def outlined(frame: Frame, line: Line, stroke: Stroke, *, yearly: bool) -> str:
    """Draw a line with its band, where it has one; by steps where a value stands for a year."""
    banded = ""
    if line.low is not None and line.high is not None:
        banded = _band(frame, line.years, line.low, line.high, stroke.colour, yearly=yearly)
    path = "".join(
        (_steps if yearly else _joined)(frame, line.years[run], line.values[run])
        for run in _runs(np.isfinite(line.values))
    )
    return banded + (f'<path d="{path}" {stroke.attributes()}/>' if path else "")


def _band(
    frame: Frame, years: np.ndarray, low: np.ndarray, high: np.ndarray, colour: str, *, yearly: bool
) -> str:
    areas = ""
    for run in _runs(np.isfinite(low) & np.isfinite(high)):
        at, lower, upper = years[run], low[run], high[run]
        if yearly:
            at = np.append(at, at[-1] + 1).repeat(2)[1:-1]
            lower, upper = lower.repeat(2), upper.repeat(2)
        forth, back = _joined(frame, at, upper), _joined(frame, at[::-1], lower[::-1])
        areas += f"{forth}L{back[1:]}Z"
    return f'<path d="{areas}" fill="{colour}" fill-opacity="{_SHADE}"/>' if areas else ""


def bar(x: float, top: float, bottom: float, colour: str, width: float) -> str:
    """Draw an upright bar, such as the interval of an observation."""
    return f'<path d="M{x:.1f} {top:.1f}V{bottom:.1f}" stroke="{colour}" stroke-width="{width:g}"/>'


def mark(x: float, y: float, shape: str, colour: str, *, radius: float, hollow: bool) -> str:
    """Draw one of the shapes of `SHAPES`."""
    corners = " ".join(f"{x + radius * a:.1f},{y + radius * b:.1f}" for a, b in SHAPES[shape])
    fill = "var(--paper)" if hollow else colour
    return f'<polygon points="{corners}" fill="{fill}" stroke="{colour}" stroke-width="1.2"/>'


def _star(points: int, inner: float = 1.0, turn: float = 0.0) -> list[tuple[float, float]]:
    """Return the corners of a star; with inner ones as far out as the others, of a polygon."""
    count = points if inner == 1.0 else 2 * points
    corners = [(1.0 if k % 2 == 0 else inner, math.tau * (k / count + turn)) for k in range(count)]
    return [(radius * math.sin(angle), -radius * math.cos(angle)) for radius, angle in corners]


SHAPES = {
    "circle": _star(16),
    "square": _star(4, turn=0.125),
    "triangle": _star(3),
    "diamond": _star(4),
    "triangle_down": _star(3, turn=0.5),
    "plus": _star(4, inner=0.4),
    "cross": _star(4, inner=0.4, turn=0.125),
    "pentagon": _star(5),
    "star": _star(5, inner=0.45),
    "hexagon": _star(6),
}
"""Corners of each shape of mark, in radii."""


def _joined(frame: Frame, years: np.ndarray, values: np.ndarray) -> str:
    places = zip(frame.x(years).tolist(), frame.y(values).tolist(), strict=True)
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in places)


def _steps(frame: Frame, years: np.ndarray, values: np.ndarray) -> str:
    start = float(frame.x(years[0]))
    ends, heights = frame.x(years + 1).tolist(), frame.y(values).tolist()
    steps = (f"V{y:.1f}H{x:.1f}" for x, y in zip(ends, heights, strict=True))
    return f"M{start:.1f} {heights[0]:.1f}" + "".join(steps)


def _runs(known: np.ndarray) -> list[slice]:
    """Return the stretches in which values are known."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], known, [False]]).astype(int)))
    return [slice(a, b) for a, b in edges.reshape(-1, 2)]


def _round_values(low: float, high: float) -> tuple[list[float], int]:
    """Return evenly spaced round values between two values, and how many decimals they need."""
    power = math.floor(math.log10((high - low) / _MOST_LINES))
    first = next(step for step in _STEPS if (high - low) / (step * 10.0**power) <= _MOST_LINES)
    step = first * 10.0**power
    values = [k * step for k in range(math.ceil(low / step), math.floor(high / step) + 1)]
    return values, max(0, (1 if first == 2.5 else 0) - power - (1 if first == 10 else 0))
