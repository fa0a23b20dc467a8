"""Calculated and frozen studies: the footprint, its rule check, and everything needed to repeat it."""
