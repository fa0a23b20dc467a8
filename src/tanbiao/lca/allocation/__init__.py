"""How a process with several products shares its burdens (ISO 14067:2018 6.4.6)."""
