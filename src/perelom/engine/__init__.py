"""How the model runs: compiled months, devices, accounts, observables, saved states."""
