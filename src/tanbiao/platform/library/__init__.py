"""The background database: sources, their versions, data sets and factors, and the gate they pass."""
