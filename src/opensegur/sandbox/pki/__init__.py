"""The demonstration authorities and their certificates, named like those of the IGC-Santé."""
