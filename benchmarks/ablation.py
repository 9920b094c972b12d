"""Write docs/ablation.md: what each mechanism changes, paired draw by draw.

    python benchmarks/ablation.py               # 8 draws, 320 villages, all cores
    python benchmarks/ablation.py --members 20

The same as `perelom ablate --all --markdown docs/ablation.md`.
"""

import argparse
from pathlib import Path

from perelom.engine.settings import Settings
from perelom.experiments.ablation import ablate, switches
from perelom.inference.pool import processes_for
from perelom.inference.posterior import posterior_draws, shipped
from perelom.results.ablation_page import page
from perelom.scenario import load

PAGE = Path(__file__).parents[1] / "docs" / "ablation.md"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--members", type=int, default=8)
    parser.add_argument("--villages", type=int, default=320)
    parser.add_argument("--processes", type=int)
    chosen = parser.parse_args()
    settings = Settings(villages=chosen.villages, draws="expected")
    runs = chosen.members * (1 + len(switches()))
    at_once = chosen.processes or processes_for(runs, chosen.villages)
    sets = posterior_draws(chosen.members)
    table = ablate(load("historical"), settings, switches(), sets, processes=at_once)
    text = page(table, chosen.villages, fitted=shipped() is not None)
    PAGE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
