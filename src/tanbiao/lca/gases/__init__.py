"""Greenhouse gases: potentials, sets of one's own, and the positions of reporting schemes."""
