"""Readers and writers: the starter library, the workbook, CSV tables, and reports of a footprint.

Doors: `workbook.read_workbook`, `workbook.write_template`, `starter.starter_library`, `tables.read_table`,
`report.footprint_json` / `footprint_csv` / `footprint_pdf`, `terminal.footprint_text`, `fonts.font_folder`,
`vocabulary.words_for`. No Django, no clock, no database.
"""
