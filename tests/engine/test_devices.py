"""The same bits on one device and on two."""

import os
import subprocess
import sys
from pathlib import Path

import jax
import numpy as np
import pytest

from perelom.engine.run import simulate
from perelom.engine.settings import Settings
from perelom.scenario import Scenario

UNTIL = "1940-12"

_TWO_DEVICES = """
import sys
import jax, numpy as np
from perelom.engine.run import simulate
from perelom.engine.settings import Settings
from perelom.scenario import load
assert len(jax.devices()) == 2
kept = {}
for chunk in simulate(load("historical"), Settings(villages=320, until=sys.argv[1], devices=2)):
    for layer in ("monthly", "reported", "villages"):
        for name, values in getattr(chunk, layer).items():
            kept[f"{layer} {name} {chunk.last_month}"] = values.values
assert len(chunk.checkpoint.state.households.grain.sharding.device_set) == 2
for number, leaf in enumerate(jax.tree.leaves(chunk.checkpoint.state)):
    kept[f"state {number}"] = np.asarray(leaf)
np.savez(sys.argv[2], **kept)
"""


@pytest.mark.xdist_group("sampled")
def test_one_and_two_devices_give_the_same_bits(tmp_path: Path, historical: Scenario) -> None:
    path = tmp_path / "two.npz"
    done = subprocess.run(
        [sys.executable, "-c", _TWO_DEVICES, UNTIL, str(path)],
        env=os.environ
        | {"XLA_FLAGS": "--xla_force_host_platform_device_count=2", "JAX_PLATFORMS": "cpu"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    with np.load(path) as archive:
        two = dict(archive)
    compared = 0
    for chunk in simulate(historical, Settings(villages=320, until=UNTIL)):
        for layer in ("monthly", "reported", "villages"):
            for name, values in getattr(chunk, layer).items():
                there = two[f"{layer} {name} {chunk.last_month}"]
                np.testing.assert_array_equal(values.values, there, err_msg=f"{layer} {name}")
                compared += 1
    for number, leaf in enumerate(jax.tree.leaves(chunk.checkpoint.state)):
        np.testing.assert_array_equal(np.asarray(leaf), two[f"state {number}"])
        compared += 1
    assert compared == len(two)
