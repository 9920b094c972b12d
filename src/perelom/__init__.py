"""An open quantitative laboratory of Soviet collectivization and forced industrialization."""
