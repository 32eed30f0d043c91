"""The cartes Vitale of the sandbox: virtual cards as files, their authority, and what the service knows of them."""
