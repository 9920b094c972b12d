"""How the model runs: compiled months, devices, accounts, observables, saved states."""

import os

# XLA reads NPROC once, when it starts its pool of CPU threads. With several runs at once cores
# serve best as one process a run; `perelom run` asks for a second thread. A user's value stands.
os.environ.setdefault("NPROC", "1")
