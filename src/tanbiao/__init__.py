"""Tanbiao 碳标: product carbon-label certification, from activity data to a label a stranger can check."""

__version__ = "0.1.0"
