"""What findings call bases of cut-off, in both languages."""

from __future__ import annotations

from tanbiao.words import Text

CUTOFF_BASES = {
    "ghg": Text("碳足迹", "footprint"),
    "mass": Text("质量", "mass"),
    "energy": Text("能量", "energy"),
}
