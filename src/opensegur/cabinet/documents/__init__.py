"""The documents of a record: received as files, kept as they came and as PDF/A-1, sent as CDA."""
