"""Records that look like the same person: the list of work, the comparison, the merge and its undoing."""
