"""What findings call boundaries and bases of cut-off, in both languages."""

from __future__ import annotations

from tanbiao.words import Text

BOUNDARIES = {
    "cradle_to_gate": Text("摇篮到大门", "cradle-to-gate"),
    "cradle_to_grave": Text("摇篮到坟墓", "cradle-to-grave"),
    "gate_to_gate": Text("大门到大门", "gate-to-gate"),
}
CUTOFF_BASES = {
    "ghg": Text("碳足迹", "footprint"),
    "mass": Text("质量", "mass"),
    "energy": Text("能量", "energy"),
}
