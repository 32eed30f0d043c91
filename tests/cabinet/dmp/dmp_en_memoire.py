"""A DMP in memory that watches the practice, and how the screens of the DMP are asked for."""

from __future__ import annotations

from collections.abc import Callable

from django.urls import reverse

from cabinet.personnages import Navigateur
from opensegur.cabinet.dmp.models import Consentement
from opensegur.cabinet.patients.models import Patient
from opensegur.cabinet.structures.models import Structure
from opensegur.dmp import Autorisation, DmpClient
from opensegur.dmp.testing import MemoryDmp
from opensegur.foundation.errors import TransportError
from opensegur.foundation.ports import HttpRequest, HttpResponse

UID = "1.2.250.1.999.1.1.20260312.1"
PAGES = ("etat", "documents")
LECTURES = ("lire", "fichier")

Deposer = Callable[..., bytes]


class Temoin(MemoryDmp):
    """A DMP that notes, at each request, how many consents the practice had already written down; it may be down.

    ``client_for`` gives a structure's client of this DMP.
    """

    client_for: Callable[[Structure], DmpClient]

    def __init__(self) -> None:
        super().__init__(autorisation=Autorisation.VALIDE)
        self.consents: list[int] = []
        self.en_panne = False

    def send(self, request: HttpRequest) -> HttpResponse:
        self.consents.append(Consentement.objects.count())
        if self.en_panne:
            raise TransportError(
                "TRANSPORT_INJOIGNABLE",
                "Le service ne répond pas.",
                conseil="Réessayez dans quelques minutes.",
                retryable=True,
            )
        return super().send(request)


def ask(browser: Navigateur, name: str, patient: Patient, *arguments: str, **options):
    return browser.get(reverse(f"dmp:{name}", args=[patient.pk, *arguments]), **options)


def allow(browser: Navigateur, patient: Patient, **data: str):
    return browser.envoyer(reverse("dmp:autoriser", args=[patient.pk]), data)
