"""The International Life Cycle Data format, with its daughters: EPD declarations, and TIDAS, the same in JSON.

Doors: `reader.FORMAT`, `tidas.FORMAT`, `writer.write_ilcd`, `tidas_writer.write_tidas`.
"""
