import json
import subprocess
import sys
from collections.abc import Callable

import pytest

Call = Callable[..., tuple[int, str, str]]


@pytest.mark.parametrize(
    "arguments",
    [
        ("scenarios",),
        ("evidence",),
        ("evidence", "grain_harvest"),
        ("systems",),
        ("claims", "A001"),
        ("conflicts", "K01"),
    ],
)
def test_tables_fit_80_columns_and_have_json(perelom: Call, arguments: tuple[str, ...]) -> None:
    code, out, err = perelom(*arguments)
    assert (code, err) == (0, "")
    assert out.strip()
    assert max(len(line) for line in out.splitlines()) <= 80
    code, out, _ = perelom(*arguments, "--json")
    assert code == 0
    assert isinstance(json.loads(out), list)


def test_series_shows_variants_and_spread(perelom: Call) -> None:
    _, out, _ = perelom("evidence", "grain_harvest")
    for word in ("Variants", "Grade", "Source", "Spread", "held out"):
        assert word in out


def test_systems_lists_all(perelom: Call) -> None:
    _, out, _ = perelom("systems", "--json")
    assert len(json.loads(out)) == 114


@pytest.mark.parametrize("arguments", [["--help"], ["evidence", "grain_harvest"]])
def test_evidence_commands_do_not_load_the_engine(arguments: list[str]) -> None:
    code = (
        f"import sys; sys.argv = ['perelom', *{arguments!r}]\n"
        "from perelom.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "loaded = [name for name in ('jax', 'xarray') if name in sys.modules]\n"
        "assert not loaded, loaded"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
