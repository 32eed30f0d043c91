"""Accounts: who may enter, how, for which structure, and for how long."""
