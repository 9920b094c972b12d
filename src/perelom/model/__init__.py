"""How the country moves: pure functions, one module a line of the month (see `month.py`)."""
