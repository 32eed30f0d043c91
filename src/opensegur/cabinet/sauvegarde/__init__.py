"""Backups of an installation, encrypted for a key that is kept elsewhere, and their restoration."""
