"""The national services, simulated over their real wire formats, with real checks."""
