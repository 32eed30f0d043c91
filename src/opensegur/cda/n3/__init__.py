"""Structured documents (CDA R2 level 3): typed values to the XML of each volet, and back.

``vsm``, ``vaccinations``… are the volets; the other modules are what they are made of, one kind of entry each.
"""
