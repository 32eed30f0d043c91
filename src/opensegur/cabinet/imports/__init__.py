"""Bringing in an existing base of patients: a file is mapped, tried, applied, and can be undone."""
