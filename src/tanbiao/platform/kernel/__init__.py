"""Ids, clock, event log, evidence files, actions and flows: what every app stands on."""
