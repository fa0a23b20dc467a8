"""CSV files of SimaPro: `reader.FORMAT`."""
