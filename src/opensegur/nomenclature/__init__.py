"""The French value sets (JDV) and terminologies, as small tables with one look-up.

``table("JDV_J66").get("11488-4")`` gives a ``Concept``; ``classe_of_type("11488-4")`` the DMP's class of a
document type; ``lieu("63220")`` a place of birth.
"""

from opensegur.nomenclature.classes import classe_of_type
from opensegur.nomenclature.cog import Lieu, Periode, lieu, search_lieux
from opensegur.nomenclature.tables import Concept, Table, names, table

__all__ = ["Concept", "Lieu", "Periode", "Table", "classe_of_type", "lieu", "names", "search_lieux", "table"]
