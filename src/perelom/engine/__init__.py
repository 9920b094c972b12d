"""How the model runs: compiled months, devices, accounts, observables, saved states."""

import os

# XLA reads NPROC once, when it starts its pool of CPU threads. Arrays of a run are too small to
# share: on two cores, one thread takes a fifth less processor time at 320 villages (1.6 s against
# 2.0 s) and as long as two at 2,000 and more. Cores serve better as one process a run.
# A value set by the user stands.
os.environ.setdefault("NPROC", "1")
