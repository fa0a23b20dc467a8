"""Electricity accounting: every kWh covered once (ISO 14067:2018 6.4.9.4)."""
