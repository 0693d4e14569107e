"""Settings (one typed file), addresses, entry points for a server."""
