"""How good the data behind a footprint are, by methods that are configuration."""
