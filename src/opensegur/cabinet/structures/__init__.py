"""The structures of the installation: who they are, how they are configured, strictly apart."""
