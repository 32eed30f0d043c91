"""The card library, the readers and the card of the machine that runs this: the server's own, or a workstation's.

Elsewhere the agent of the workstation says it (« Ce poste »).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from opensegur.cabinet.diagnostic.constat import Constat, broken, good, watch
from opensegur.cps import CpsError, Lecteur, Module, open_module
from opensegur.cps.errors import Essais

_ABSENTE = frozenset({"CPS_CRYPTOLIB", "CPS_BIBLIOTHEQUE"})


def check_cards(opened: Callable[[], Module] = open_module) -> Iterator[Constat]:
    try:
        module = opened()
        readers = module.readers()
    except CpsError as error:
        if error.code in _ABSENTE:
            yield good("Cartes", "Aucune bibliothèque sur cette machine : les cartes se lisent aux postes.")
        else:
            yield broken("Cartes", error.message, error.conseil)
        return
    yield good("Cartes", f"Bibliothèque PKCS#11 chargée, {len(readers)} lecteur(s).")
    for each in readers:
        yield _reader(each)


def _reader(lecteur: Lecteur) -> Constat:
    subject = f"Lecteur {lecteur.nom}"
    if not lecteur.carte_presente:
        return good(subject, "Branché, sans carte.")
    if lecteur.essais is Essais.BLOQUE:
        return broken(
            subject, "La carte est bloquée.", "Débloquez-la avec son code de déblocage, ou faites-la refaire."
        )
    if lecteur.essais is Essais.DERNIER:
        return watch(subject, "Il reste un essai à la carte.", "Retrouvez le code avant d’essayer.")
    return good(subject, "Branché, une carte dedans.")
