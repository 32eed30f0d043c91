"""The practice on its local network: https, its certificate authority, the redirection, the service of the system."""
