"""How the model is held against the evidence: draws from the priors, ensembles, checks."""
