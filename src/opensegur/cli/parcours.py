"""The demonstration's journey, played without a browser on the very pages that a browser would get."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

import click
from fpdf import FPDF

from opensegur.cli.montage import Demo
from opensegur.cli.navigateur import Fichier, Navigateur, Page
from opensegur.foundation.errors import OpenSegurError

_ATTENTE_MAX = 60.0
_PAUSE = 0.2


@dataclass(frozen=True, slots=True)
class Personne:
    """A person of the sandbox's population whom the demonstration's practice has never met."""

    nom: str
    prenom: str
    naissance: str
    sexe: str


PATIENTE = Personne("ADRTROIS", "DOMINIQUE", "26/02/1997", "F")
MEDECIN = "899700500012|e-CPS"


class Parcours:
    """Each step leaves the browser where the next one begins, and gives its own figure in words."""

    def __init__(self, demo: Demo) -> None:
        self._demo = demo
        self._navigateur = Navigateur()
        self._documents = ""

    def etapes(self) -> tuple[tuple[str, Callable[[], str]], ...]:
        return (
            ("connexion par Pro Santé Connect", self.connexion),
            ("la patiente est inconnue du cabinet", self.recherche),
            ("identité demandée à l’INSi et acceptée", self.insi),
            ("pièce d’identité contrôlée", self.piece),
            ("document ajouté et mis en file", self.depot),
            ("document déposé au DMP", self.depose),
            ("existence du DMP et autorisation (TD0.2)", self.existence),
            ("accord du patient et autorisation (TD0.3)", self.autorisation),
            ("liste des documents (ITI-18)", self.liste),
            ("document du DMP ouvert (ITI-43)", self.lecture),
            ("journal des accès", self.journal),
            ("console du bac à sable", self.console),
        )

    def connexion(self) -> str:
        self._navigateur.aller(f"{self._demo.cabinet}/")
        self._navigateur.suivre("S’identifier avec Pro Santé Connect")
        page = self._navigateur.envoyer("S’identifier", {"identite": MEDECIN})
        if page.url.endswith("/compte/structure/"):
            page = self._navigateur.envoyer("Cabinet")
        _expect(page, "Se déconnecter")
        return "session ouverte"

    def recherche(self) -> str:
        self._navigateur.aller(f"{self._demo.cabinet}/patients/")
        page = self._navigateur.envoyer(
            "Chercher", {"nom": PATIENTE.nom, "prenom": PATIENTE.prenom, "date_naissance": PATIENTE.naissance}
        )
        _expect(page, "Aucun dossier ne correspond")
        return "0 dossier"

    def insi(self) -> str:
        self._navigateur.envoyer("Créer un dossier")
        page = self._navigateur.envoyer(
            "Demander l’INS",
            {
                "nom_naissance": PATIENTE.nom,
                "premier_prenom": PATIENTE.prenom,
                "date_naissance": PATIENTE.naissance,
                "sexe": PATIENTE.sexe,
            },
        )
        _expect(page, "Est-ce bien cette personne")
        page = self._navigateur.envoyer("Aucune pièce présentée")
        _expect(page, "Identité récupérée")
        _expect_not(page, "Matricule INS")
        return "CR00, identité récupérée"

    def piece(self) -> str:
        self._navigateur.suivre("Contrôler une pièce")
        page = self._navigateur.envoyer("Enregistrer le contrôle", {"piece": "CN"})
        _expect(page, "Identité qualifiée")
        _expect(page, "Matricule INS")
        return "identité qualifiée"

    def depot(self) -> str:
        self._navigateur.suivre("Documents")
        self._documents = self._navigateur.page.url
        self._navigateur.suivre("Ajouter un document")
        page = self._navigateur.envoyer(
            "Enregistrer et envoyer au DMP",
            {
                "type_code": "11488-4",
                "titre": "Consultation de contrôle",
                "visible_patient": "on",
                "visible_professionnels": "on",
            },
            fichier=Fichier("consultation.pdf", _letter()),
        )
        _expect(page, "en file pour le DMP")
        return "en file"

    def depose(self) -> str:
        limit = time.monotonic() + _ATTENTE_MAX
        pause = threading.Event()

        def is_over(page: Page) -> bool:
            if time.monotonic() > limit or "refusé" in page.texte:
                raise OpenSegurError("PARCOURS_DEPOT", "Le document n’est pas déposé.", detail=page.texte[:500])
            return "déposé" in page.texte

        self._navigateur.attendre(self._documents, is_over, lambda: pause.wait(_PAUSE))
        return "déposé"

    def existence(self) -> str:
        self._navigateur.suivre("DMP")
        page = self._navigateur.charger()
        _expect(page, "Actif")
        _expect(page, "Inexistante ou expirée")
        return "DMP actif, pas encore d’autorisation"

    def autorisation(self) -> str:
        page = self._navigateur.envoyer("Enregistrer l’accord", {"accord": "oui"})
        _expect(page, "Accord enregistré")
        page = self._navigateur.charger()
        _expect(page, "Valide")
        return "autorisation valide"

    def liste(self) -> str:
        page = self._navigateur.charger()
        _expect(page, "Consultation de contrôle")
        _expect(page, "déjà dans le dossier")
        count = re.search(r"Documents du DMP (\d+)", page.texte)
        return f"{count.group(1)} document(s)" if count else ""

    def lecture(self) -> str:
        page = self._navigateur.suivre("Consultation de contrôle")
        _expect(page, PATIENTE.nom)
        if b"data:image/jpeg" not in page.body:
            raise OpenSegurError("PARCOURS_LECTURE", "Le document ouvert n’est pas affiché.", detail=page.url)
        return f"{len(page.body) // 1024} Ko affichés"

    def journal(self) -> str:
        page = self._navigateur.aller(f"{self._demo.cabinet}/journal/")
        _expect(page, "TD3.2")
        return f"{page.body.count(b'<tr>') - 1} lignes"

    def console(self) -> str:
        page = Navigateur().aller(self._demo.bac_a_sable.console)
        for transaction in ("TD0.2", "TD0.3", "TD2.1", "TD3.1", "TD3.2"):
            _expect(page, transaction)
        return "chaque échange y est"


def play(demo: Demo) -> int:
    """Play every step; print each one with its figure; 1 at the first failure."""
    parcours = Parcours(demo)
    steps = parcours.etapes()
    for number, (name, step) in enumerate(steps, 1):
        start = time.perf_counter()
        try:
            figure = step()
        except OpenSegurError as error:
            click.echo(f"{number:2}/{len(steps)} ÉCHEC  {name} : {error.message}\n        {error.detail}", err=True)
            return 1
        click.echo(f"{number:2}/{len(steps)} ok {(time.perf_counter() - start) * 1000:7.0f} ms  {name} : {figure}")
    click.echo("Le parcours complet a réussi.")
    return 0


def _expect(page: Page, texte: str) -> None:
    if texte not in page.texte:
        raise OpenSegurError(
            "PARCOURS_ATTENDU",
            f"La page ne dit pas « {texte} ».",
            detail=f"{page.url} ({page.status}) : {page.texte[:600]}",
        )


def _expect_not(page: Page, texte: str) -> None:
    if texte in page.texte:
        raise OpenSegurError("PARCOURS_INTERDIT", f"La page dit « {texte} ».", detail=page.url)


def _letter() -> bytes:
    """A letter as a word processor would export it: an ordinary PDF, not a PDF/A."""
    pdf = FPDF()
    pdf.add_page()
    pdf.set_font("Helvetica", size=12)
    pdf.multi_cell(0, 8, "Cher confrère,\n\nJ'ai revu ce jour votre patiente, qui va bien.\n\nBien à vous.")
    return bytes(pdf.output())
