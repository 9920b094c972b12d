"""What there is: calendar, geography, the state and its arrays, the USSR of December 1926."""

import jax

jax.config.update("jax_enable_x64", True)  # accounts of villages and above are double precision
