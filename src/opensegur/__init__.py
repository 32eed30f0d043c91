"""OpenSégur: the French national digital-health services, as a library, a sandbox and an application."""

__version__ = "0.1.0"
