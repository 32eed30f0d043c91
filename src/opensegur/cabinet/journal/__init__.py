"""Who did what: append-only lines, sealed into one chain of hashes per structure."""
