"""The console: what was exchanged and why it was refused, faults, clock, switches."""
