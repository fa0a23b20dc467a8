"""Readers and writers of background databases; doors: `reading.read_source`, `reading.formats`, `writing.PACKAGES`.

Each format has a package, which knows the parts that all share and no other format: containers and their bounds, XML
and JSON, sheets, amounts and flows, formulas, uncertainties. What is said of a source goes to a `Report`; its codes are
listed in docs/library-notices.md.
"""
