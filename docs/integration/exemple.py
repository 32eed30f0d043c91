# ruff: noqa: INP001, T201 - a script, not a module
"""D’une identité à un document relu dans le DMP : ``python exemple.py CONFIGURATION.toml``, bac à sable démarré."""

import sys
from datetime import UTC, datetime
from pathlib import Path

from opensegur import dmp, ins
from opensegur.cda.document import Entete, PatientCda
from opensegur.cda.n1 import PDF, build_n1
from opensegur.cda.pdf import to_pdfa
from opensegur.foundation.acteurs import Code, Professionnel
from opensegur.foundation.configuration import load_configuration
from opensegur.foundation.identifiers import new_oid

reglages, now, titre = load_configuration(Path(sys.argv[1]), {}), datetime.now(UTC), "Consultation"
auteur = Professionnel("899700500012", "MARCHAND", "CLAIRE", "10", "SM26", civilite="MME", titre="DR")
saisie = ins.Traits.typed(nom_naissance="Adrtrois", premier_prenom="Dominique", sexe="F", date_naissance="26/02/1997")
with ins.insi_transport(reglages) as transport:
    insi = ins.InsiClient.from_configuration(reglages, transport)
    individu = ins.search_identity(insi.search_by_traits, saisie)[-1].individu
patient = PatientCda(ins.receive_traits(individu.traits, local=saisie).traits, individu.matricule)
genre, uid = Code("11488-4", "2.16.840.1.113883.6.1"), new_oid()
entete = Entete(uid, new_oid(), 1, genre, titre, now, patient, auteur, reglages.structure, auteur, now)
document = build_n1(entete, to_pdfa("Examen sans particularité.".encode(), title=titre).data, PDF)
lot = dmp.prepare_submission(document, uid=new_oid(), uid_signature=new_oid())
with dmp.dmp_transport(reglages) as transport:
    client = dmp.DmpClient.from_configuration(reglages, transport)
    client.submit(lot, dmp.Acteur(auteur, dmp.Mode.INDIRECTE, now))
    lecteur = dmp.Acteur(auteur, dmp.Mode.INDIRECTE_RENFORCEE, now)
    client.set_authorization(individu.matricule, lecteur, dmp.Habilitation.AJOUT)
    relu = client.retrieve(uid, individu.matricule, lecteur)
print(f"{uid} : {len(relu)} octets relus, {'identiques' if relu == document else 'DIFFÉRENTS'}.")
