"""The authorities of the sandbox on the wire: revocation lists, OCSP, their own certificates."""
