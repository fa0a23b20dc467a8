"""openLCA JSON-LD packages: `reader.FORMAT`, `writer.write_openlca`."""
