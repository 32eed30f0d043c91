"""Identitovigilance: the board, the campaigns of verification, the identities received, the settings."""
