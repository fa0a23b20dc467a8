"""Tables of emission factors, CSV or xlsx: `reader.FORMAT`, `writer.write_factor_table`."""
