"""The simulator of the DMP: TD0.2, TD0.3, TD0.4, TD1.3a, TD1.6, ITI-41, ITI-18 and ITI-43, as they go on the wire.

It reads messages with its own code and the official schemas, never with ``opensegur.dmp``: a misreading of
the client's cannot agree with itself here.
"""
