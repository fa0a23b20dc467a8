"""The words of SimaPro CSV: blocks, and the headings of what stands in them."""

from __future__ import annotations

SUBSTANCES = {  # block of substances -> compartment
    "Raw materials": "Raw",
    "Airborne emissions": "Air",
    "Waterborne emissions": "Water",
    "Emissions to soil": "Soil",
    "Final waste flows": "Waste",
    "Non material emissions": "Non mat.",
    "Social issues": "Social",
    "Economic issues": "Economic",
}
PARAMETERS = (
    "Database Input parameters",
    "Database Calculated parameters",
    "Project Input parameters",
    "Project Calculated parameters",
)
DESCRIPTIONS = ("System description", "Literature reference")
ALONE = ("Quantities", "Units", *SUBSTANCES, *PARAMETERS)  # blocks that are rows and nothing else
BLOCKS = ("Process", "Product stage", "Method", *DESCRIPTIONS, *ALONE)

TECHNOSPHERE = ("Avoided products", "Materials/fuels", "Electricity/heat", "Waste to treatment")
NATURE = {  # section of a process -> compartment
    "Resources": "Raw",
    "Emissions to air": "Air",
    "Emissions to water": "Water",
    "Emissions to soil": "Soil",
    "Final waste flows": "Waste",
    "Non material emissions": "Non mat.",
    "Social issues": "Social",
    "Economic issues": "Economic",
}
_ROWS = (
    "Products",
    "Waste treatment",
    "Waste scenario",
    "Separated waste",
    "Remaining waste",
    *TECHNOSPHERE,
    *NATURE,
    "Input parameters",
    "Calculated parameters",
    "Impact category",
    "Substances",
    "Damage category",
    "Impact categories",
    "Normalization-Weighting set",
    "Normalization",
    "Weighting",
    "External documents",
    "Literature references",
)
ANSWERS = (
    "PlatformId",
    "Category type",
    "Process identifier",
    "Type",
    "Process name",
    "Status",
    "Time period",
    "Geography",
    "Technology",
    "Representativeness",
    "Multiple output allocation",
    "Substitution allocation",
    "Cut off rules",
    "Capital goods",
    "Boundary with nature",
    "Infrastructure",
    "Waste type",
    "Date",
    "Record",
    "Generator",
    "Collection method",
    "Data treatment",
    "Verification",
    "Comment",
    "Allocation rules",
    "System description",
    "Name",
    "Version",
    "Category",
    "Description",
    "Documentation link",
    "Sub-systems",
    "Cut-off rules",
    "Energy model",
    "Transport model",
    "Waste model",
    "Other assumptions",
    "Other information",
    "Use Damage Assessment",
    "Use Normalization",
    "Use Weighting",
    "Use Addition",
    "Weighting unit",
    "Color",
)
HEADINGS = frozenset((*_ROWS, *ANSWERS, *ALONE))
