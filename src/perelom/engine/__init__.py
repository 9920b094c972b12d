"""How the model runs: compiled months, devices, accounts, observables, saved states."""

import os

# XLA reads NPROC once, when it starts its pool of CPU threads. The arrays of a run are too small
# to be shared: on two cores, two threads take a fifth to a third longer than one at 320, 2,000 and
# 8,000 villages. Cores serve better as one process a run. A value that the user has set stands.
os.environ.setdefault("NPROC", "1")
