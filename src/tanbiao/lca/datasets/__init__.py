"""Background databases as their sources tell them: records, links, inventories, and the gate they have to pass."""
