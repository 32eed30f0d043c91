"""A table as practice software exports it, with what goes wrong in such tables."""

from __future__ import annotations

TABLE = """N° dossier;Nom de naissance;Nom d’usage;Prénoms;Né(e) le;Sexe;Lieu de naissance;INS;Statut
12;Lévêque;Vallée;Alice Colette;30/11/1982;F;14127;2 82 11 14 127 900 88;validée
13;N'Diaye;;Awa;05/10/1996;Mme;99396;;
14;Durand;;Jean, Paul;1950-00-00;M;;;
15;Petit;;Zoé;12/13/19;F;;;
16;;;Inconnu;01/01/1980;M;;;
"""
