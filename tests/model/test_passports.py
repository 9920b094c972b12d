"""Every number has a passport: no literals in mechanisms, and every register is in use."""

import ast
from functools import lru_cache
from pathlib import Path

import pytest

import perelom.model
from perelom.engine.inputs import seasons
from perelom.evidence import parameters
from perelom.model.mechanisms import MECHANISMS
from perelom.model.month import LINES
from perelom.scenario import levers
from perelom.world.state import AGE_BANDS, CELLS, SPECIES

FOLDER = Path(perelom.model.__file__).parent
HELPERS = {
    "__init__", "smooth", "draws", "branch", "flows", "ledger", "space", "mechanisms", "context",
    "month",
}  # fmt: skip
MODULES = sorted(path.stem for path in FOLDER.glob("*.py") if path.stem not in HELPERS)
ALLOWED = {0, 1, 2, 12}
"""2 stands for the two sexes, squares and halves; everything else has a name or a passport."""
CONVERSIONS = {
    "DAYS_PER_YEAR": 365.25,
    "TONNES_PER_MEGATONNE": 1e6,
    "HECTARES_PER_MILLION": 1e6,
    "KCAL_PER_THOUSAND": 1e3,
    "CENTNERS_PER_TONNE": 10,
    "ROUBLES_PER_MILLION": 1e6,
    "HEAD_PER_MILLION": 1e6,
}
"""Unit conversions that a module may define by name."""
KILOGRAMMES_PER_TONNE = 1000
CELL_INDICES = {4, 6}
"""Positions of cells in `persons`, allowed as an index or in a named position only."""
PLACEHOLDERS = {"species": SPECIES, "s": SPECIES, "band": AGE_BANDS, "cell": CELLS}


@lru_cache
def _tree(module: str) -> ast.Module:
    return ast.parse((FOLDER / f"{module}.py").read_text(encoding="utf-8"))


def _positions(tree: ast.Module) -> set[int]:
    """Return the identities of constants inside an index or a named private tuple of positions."""
    inside: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Subscript):
            inside |= {id(part) for part in ast.walk(node.slice)}
    for node in tree.body:
        name = node.targets[0] if isinstance(node, ast.Assign) else None
        if isinstance(node, ast.Assign) and isinstance(name, ast.Name) and name.id[0] == "_":
            inside |= {id(part) for part in ast.walk(node.value)}
    return inside


def _literals(module: str) -> list[str]:
    tree = _tree(module)
    positions = _positions(tree)
    named = {
        id(part): node.targets[0].id
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
        for part in ast.walk(node.value)
    }
    found = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or isinstance(node.value, bool):
            continue
        value = node.value
        if not isinstance(value, int | float) or value in ALLOWED:
            continue
        if id(node) in positions and value in CELL_INDICES:
            continue
        if CONVERSIONS.get(named.get(id(node), "")) == value or value == KILOGRAMMES_PER_TONNE:
            continue
        found.append(f"{module}.py, line {node.lineno}: {value}")
    return found


@pytest.mark.parametrize("module", MODULES)
def test_no_literal_numbers_in_mechanisms(module: str) -> None:
    assert _literals(module) == []


def test_the_search_finds_a_literal(monkeypatch: pytest.MonkeyPatch) -> None:
    tree = ast.parse("DAYS_PER_YEAR = 365.25\n_WORKING = (2, 6)\nx = p[6] / 12 + 0.37 * 365.25\n")
    monkeypatch.setitem(globals(), "_tree", lambda _: tree)
    assert _literals("some") == ["some.py, line 3: 0.37", "some.py, line 3: 365.25"]


def _names_of(key: ast.expr) -> set[str]:
    """Return the names that a key can mean: a string, or one with a species, band or cell in it."""
    if isinstance(key, ast.Constant) and isinstance(key.value, str):
        return {key.value}
    if not isinstance(key, ast.JoinedStr):
        return set()
    names = {""}
    for part in key.values:
        if isinstance(part, ast.Constant):
            choices = {str(part.value)}
        else:
            assert isinstance(part, ast.FormattedValue)
            choices = set(PLACEHOLDERS[_placeholder(part.value)])
        names = {name + choice for name in names for choice in choices}
    return names


def _placeholder(value: ast.expr) -> str:
    if isinstance(value, ast.Name):
        return value.id
    text = ast.unparse(value)
    return "band" if text.startswith("AGE_BANDS[") else "cell"


@lru_cache
def _used(module: str) -> dict[str, frozenset[str]]:
    """Return the keys with which a module looks up each register of the context."""
    registers = {
        "parameters": "parameters", "numbers": "parameters",
        "levers": "levers", "switches": "switches", "switch": "switches", "seasons": "seasons",
    }  # fmt: skip
    found: dict[str, set[str]] = {name: set() for name in registers.values()}
    for node in ast.walk(_tree(module)):
        if not isinstance(node, ast.Subscript):
            continue
        owner = node.value
        name = owner.attr if isinstance(owner, ast.Attribute) else getattr(owner, "id", "")
        if name in registers:
            found[registers[name]] |= _names_of(node.slice)
    if module == "people":
        found["seasons"] |= {"infant_summer_mortality", "adult_winter_mortality"}
    return {name: frozenset(keys) for name, keys in found.items()}


def _everywhere(register: str) -> set[str]:
    return {key for module in MODULES for key in _used(module)[register]}


def test_every_number_used_is_in_the_table() -> None:
    # Nobody leaves the last age band upward: the loop over bands stops before it.
    assert _everywhere("parameters") - {"ageing_old"} <= set(parameters())


def test_every_number_in_the_table_is_used_where_it_says() -> None:
    """`used_in` names the module that uses the number, or the first of several."""
    wrong = {
        name: row.used_in
        for name, row in parameters().items()
        if row.used_in not in MODULES or name not in _used(row.used_in)["parameters"]
    }
    assert wrong == {}


def test_every_number_has_a_source_and_a_known_mechanism() -> None:
    for name, row in parameters().items():
        assert row.source, name
        assert row.unit, name
        assert row.mechanisms, name
        assert row.systems, name


def test_every_lever_exists_and_is_used() -> None:
    assert _everywhere("levers") == set(levers())


def test_every_season_exists_and_is_used() -> None:
    assert _everywhere("seasons") == set(seasons())


def test_every_switch_exists_and_is_used() -> None:
    lines = {line.name for line in LINES}
    inside = set(MECHANISMS) - lines
    assert lines <= set(MECHANISMS)
    assert _everywhere("switches") - lines == inside


def test_mechanisms_belong_to_lines_and_say_what_they_do() -> None:
    lines = {line.name: line for line in LINES}
    for name, mechanism in MECHANISMS.items():
        assert mechanism.line in lines, name
        assert mechanism.systems, name
        assert mechanism.note, name
        if name in lines:
            built = lines[name].move is not None or name in ("decisions", "accounts")
            assert mechanism.active == built, name


def test_every_switch_is_tested_for_in_its_own_line() -> None:
    """A switch is looked up in the module of its line or in one that serves it."""
    for name, mechanism in MECHANISMS.items():
        if name == mechanism.line:
            continue
        users = [module for module in MODULES if name in _used(module)["switches"]]
        assert len(users) >= 1, name


def test_seasons_of_shares_sum_to_a_year() -> None:
    table = seasons()
    for name in (
        *(f"{species}_born" for species in SPECIES),
        *(f"{species}_slaughtered" for species in SPECIES),
        "kolkhoz_work",
        "growing_weather",
        "technical_crops",
        "tax_collection",
    ):
        assert table[name].sum() == pytest.approx(1.0, abs=0.011), name


@pytest.mark.parametrize(
    "name",
    [
        "garden",
        "infant_summer_mortality",
        "adult_winter_mortality",
        "crafts",
    ],
)
def test_seasons_relative_to_the_year_have_a_mean_of_one(name: str) -> None:
    assert seasons()[name].mean() == pytest.approx(1.0, abs=0.011)


def test_no_prior_of_a_share_reaches_beyond_nothing_and_all() -> None:
    """A share above one would take more than there is."""
    edges = [1e-6, 1 - 1e-6]
    for name, parameter in parameters().items():
        if parameter.unit == "share" and parameter.prior != "fixed":
            least, most = parameter.draw(edges)
            assert least >= 0, name
            assert most <= 1, name
