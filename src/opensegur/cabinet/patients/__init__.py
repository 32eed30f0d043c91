"""The patients of a structure: search, creation through INSi, evidence and status of identities."""
