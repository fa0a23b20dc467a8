"""The uncertainty of results: Monte Carlo, first-order propagation, pairs; parameters and scenarios."""
