"""A crowd of fictional people beside the named ones, for load: made once, kept in a file of its own, never reset."""
