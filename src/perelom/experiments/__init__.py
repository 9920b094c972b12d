"""How questions are asked: the same luck and parameters, one thing different."""
