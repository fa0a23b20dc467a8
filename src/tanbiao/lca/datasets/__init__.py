"""Background databases as their sources tell them: records, links, inventories, and the gate they have to pass.

Doors: `compiling.Compiler`, `inventory.life_cycle_inventory`, `intensities.intensities`, `document`, `gate`.
"""
