"""Short answers for the screen at hand."""
