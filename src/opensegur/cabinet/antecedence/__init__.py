"""Finding who is already there: the index of names, its writing, its queries."""
