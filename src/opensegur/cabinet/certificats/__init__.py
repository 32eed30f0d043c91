"""The certificates of a structure: added on screen, kept encrypted, watched, and lent to what calls the services."""
