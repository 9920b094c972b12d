"""How the model runs: compiled months, devices, accounts, observables, saved states."""

import os

# XLA reads NPROC once, when it starts its pool of CPU threads. The arrays of a run are too small
# to be shared: on two cores, one thread takes 1.4 s and two take 1.9 s at 320 villages, 8.4 s and
# 9.9 s at 2,000, 36 s and 46 s at 8,000. Cores serve better as one process a run. A value that the
# user has set stands.
os.environ.setdefault("NPROC", "1")
