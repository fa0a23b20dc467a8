"""The roof: settings, addresses and the WSGI door that put the platform together."""
