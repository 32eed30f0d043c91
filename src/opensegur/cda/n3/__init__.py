"""Structured documents (CDA R2 level 3): typed values to the XML of each volet, and back.

``vsm``, ``vaccinations``, ``biologie``, ``pharmacie`` and ``liaison`` are the volets; the other modules are what
they are made of, one kind of entry each. A volet has ``build_…(entete, contenu)``, which gives bytes, and
``read_…(root)``, which gives back the content, whoever made the document.
"""
