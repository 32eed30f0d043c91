"""TD0.3: set or remove one's own authorisation, with or without the role of médecin traitant DMP.

The patient and the caller come from the VIHF alone. Source: GIE SESAM-Vitale, service Habilitations.
"""

from __future__ import annotations

from enum import StrEnum

from lxml import etree

from opensegur.dmp.errors import Anomalie, DmpError
from opensegur.dmp.noms import HABILITATIONS, NS_HABILITATIONS
from opensegur.dmp.reponses import expect

TRANSACTION = "TD0.3"

_OK = "DMPOk"


class Habilitation(StrEnum):
    """What is asked. Leaving the role of médecin traitant keeps the access; removing the access drops both."""

    AJOUT = "AJOUT"
    SUPPRESSION = "SUPPRESSION"
    AJOUT_MEDECIN_TRAITANT = "AJOUT_MEDECIN_TRAITANT"
    SUPPRESSION_MEDECIN_TRAITANT = "SUPPRESSION_MEDECIN_TRAITANT"


_MESSAGES = {
    Habilitation.AJOUT: ("AJOUT", ""),
    Habilitation.SUPPRESSION: ("SUPPRESSION", ""),
    Habilitation.AJOUT_MEDECIN_TRAITANT: ("AJOUT", "MEDECIN_TRAITANT"),
    Habilitation.SUPPRESSION_MEDECIN_TRAITANT: ("SUPPRESSION", "MEDECIN_TRAITANT"),
}


def build_request(habilitation: Habilitation) -> etree._Element:
    action, role = _MESSAGES[habilitation]
    request = etree.Element(f"{HABILITATIONS}setAuthorization", nsmap={None: NS_HABILITATIONS})
    etree.SubElement(request, f"{HABILITATIONS}action").text = action
    if role:
        etree.SubElement(request, f"{HABILITATIONS}role").text = role
    return request


def read_response(body: etree._Element) -> str:
    """The context that the DMP adds to its agreement (« déjà présente »), often "". Raises ``DmpError``."""
    response = expect(body, f"{HABILITATIONS}setAuthorizationResponse")
    status = (response.findtext(f"{HABILITATIONS}output/{HABILITATIONS}status") or "").strip()
    context = (response.findtext(f"{HABILITATIONS}output/{HABILITATIONS}context") or "").strip()
    if status != _OK:
        raise DmpError((Anomalie(status or "DMPReponseSansMotif", context),), TRANSACTION)
    return context
