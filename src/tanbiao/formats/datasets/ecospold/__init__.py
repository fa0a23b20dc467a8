"""EcoSpold, of both versions: `ecospold1.FORMAT`, `ecospold2.FORMAT`."""
