"""CDA R2 documents of the CI-SIS: making, checking, reading and showing them."""
