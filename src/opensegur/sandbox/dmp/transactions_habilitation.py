"""TD0.3, one's own authorisation on a dossier, and TD1.6, who is authorised or blocked on it.

Source: WSDL and examples of the GIE SESAM-Vitale (urn:si-dmp-habilitations); PDT-INF-526 for who may.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from lxml import etree

from opensegur.nomenclature import table
from opensegur.sandbox.dmp.acces import Acces, appraise, require_patient, require_right
from opensegur.sandbox.dmp.catalogue import refuse
from opensegur.sandbox.dmp.contexte import Contexte
from opensegur.sandbox.dmp.depot import Autorisation, Dossier
from opensegur.sandbox.dmp.droits import is_physician
from opensegur.sandbox.dmp.identification import Appelant
from opensegur.sandbox.dmp.noms import HABILITATIONS, OID_PS, OID_STRUCTURE, q
from opensegur.sandbox.dmp.transaction import Demande, Resume
from opensegur.sandbox.dmp.vihf import Ins
from opensegur.sandbox.regles import Refus

_MODES = frozenset({"ACTIVE", "INTERDITE", "TOUTE"})
_MT = "MEDECIN_TRAITANT"


def set_authorization(demande: Demande, appelant: Appelant, contexte: Contexte) -> Resume:
    """TD0.3: AJOUT renews for twelve months, SUPPRESSION drops; with the role, only the role is touched."""
    action, role = _read_action(demande.corps)
    patient = require_patient(appelant.vihf)
    acces = appraise(appelant, patient.valeur, contexte)
    require_right("0.3-ajout" if action == "AJOUT" else "0.3-suppression", acces)
    if role:
        if not is_physician(acces.vihf):
            raise refuse("droits.medecin_traitant")
        require_right("0.3-mt", acces)
    resume = Resume(td="TD0.3")
    resume.add("action", f"{action} {role}".strip())
    try:
        dossier = _open_dossier(patient, contexte)
        if action == "AJOUT":
            remark = _add(acces, dossier, contexte, treating=bool(role))
        else:
            remark = _remove(acces, contexte, role_only=bool(role))
    except Refus as refus:
        return resume.refused(_output("setAuthorizationResponse", refus.premier.code, refus.premier.texte), refus)
    return resume.accepted(_output("setAuthorizationResponse", "DMPOk", remark))


def _read_action(corps: etree._Element) -> tuple[str, str]:
    names = [child.tag for child in corps.iterchildren(etree.Element)]
    allowed = [q(HABILITATIONS, "action")], [q(HABILITATIONS, "action"), q(HABILITATIONS, "role")]
    if names not in allowed:
        raise refuse("habilitation.message")
    action = (corps.findtext(q(HABILITATIONS, "action")) or "").strip()
    role = (corps.findtext(q(HABILITATIONS, "role")) or "").strip()
    if action not in {"AJOUT", "SUPPRESSION"} or role not in {"", _MT} or (len(names) > 1 and not role):
        raise refuse("habilitation.message")
    return action, role


def _open_dossier(patient: Ins, contexte: Contexte) -> Dossier:
    dossier = contexte.depot.dossier(patient.valeur)
    if dossier is None or not contexte.knows(patient):
        raise refuse("dossier.inconnu")
    if dossier.ferme:
        raise refuse("dossier.ferme")
    return dossier


def months_later(moment: datetime, months: int) -> datetime:
    """The same day ``months`` later; the last of the month when there is none."""
    year, month = divmod(moment.year * 12 + moment.month - 1 + months, 12)
    for day in range(moment.day, 27, -1):
        try:
            return moment.replace(year=year, month=month + 1, day=day)
        except ValueError:
            continue
    return moment.replace(year=year, month=month + 1)


def _add(acces: Acces, dossier: Dossier, contexte: Contexte, *, treating: bool) -> str:
    holder, kind = acces.titulaire
    known = contexte.depot.autorisation(dossier.ins, holder, kind)
    if known is not None and known.interdit:
        raise refuse("droits.interdit")
    moment = contexte.moment
    active = known is not None and known.active(moment)
    was_treating = known is not None and active and known.medecin_traitant
    contexte.depot.save_autorisation(
        Autorisation(
            ins=dossier.ins,
            acteur=holder,
            genre=kind,
            debut=known.debut if known is not None and active else moment.isoformat(),
            fin=months_later(moment, contexte.reglages.duree_autorisation).isoformat(),
            derniere_action=moment.isoformat(),
            medecin_traitant=was_treating or treating,
            nom=_name(acces, kind, contexte),
            specialite=_specialty(acces) if kind == "PS" else "",
        )
    )
    if active and (was_treating or not treating):
        return "L’autorisation existait déjà : elle est renouvelée."
    return ""


def _remove(acces: Acces, contexte: Contexte, *, role_only: bool) -> str:
    holder, kind = acces.titulaire
    patient = require_patient(acces.vihf)
    known = contexte.depot.autorisation(patient.valeur, holder, kind)
    if known is not None and known.interdit:
        # a block is the patient's own: the professional cannot lift it by dropping it
        raise refuse("droits.interdit")
    if known is None or (role_only and not known.medecin_traitant):
        return "Il n’y avait rien à retirer."
    if role_only:
        contexte.depot.save_autorisation(
            replace(known, medecin_traitant=False, derniere_action=contexte.moment.isoformat())
        )
    else:
        contexte.depot.remove_autorisation(known)
    return ""


def _name(acces: Acces, kind: str, contexte: Contexte) -> str:
    if kind == "STRUCTURE":
        structure = contexte.population.structure(acces.vihf.structure)
        return structure.nom if structure else ""
    known = contexte.population.professionnel(acces.vihf.acteur)
    return f"{known.nom}^{known.prenom}" if known else acces.vihf.sujet


def _specialty(acces: Acces) -> str:
    profession, *others = acces.vihf.roles
    code = f"G15_{profession.code}"
    return f"{code}/{others[0].code}" if others and is_physician(acces.vihf) else code


def list_authorizations(demande: Demande, appelant: Appelant, contexte: Contexte) -> Resume:
    """TD1.6: the professionals and structures that the patient authorised or blocked."""
    names = [child.tag for child in demande.corps.iterchildren(etree.Element)]
    mode = (demande.corps.findtext(q(HABILITATIONS, "mode")) or "").strip()
    if names != [q(HABILITATIONS, "mode")] or mode not in _MODES:
        raise refuse("habilitation.message")
    patient = require_patient(appelant.vihf)
    acces = appraise(appelant, patient.valeur, contexte)
    require_right("1.6", acces)
    resume = Resume(td="TD1.6")
    try:
        _open_dossier(patient, contexte)
    except Refus as refus:
        body = _output("listAuthorizationByPatientResponse", refus.premier.code, refus.premier.texte)
        return resume.refused(body, refus)
    rows = [
        item
        for item in contexte.depot.autorisations_du_patient(patient.valeur)
        if (item.interdit and mode != "ACTIVE") or (item.active(contexte.moment) and mode != "INTERDITE")
    ]
    body = _output("listAuthorizationByPatientResponse", "DMPOk", "")
    for index, item in enumerate(rows):
        body[0].insert(index, _row(item))
    resume.add("lignes", str(len(rows)))
    return resume.accepted(body)


def _row(item: Autorisation) -> etree._Element:
    row = etree.Element(q(HABILITATIONS, "listOfAuthorizationByPatient"), nsmap={"h": HABILITATIONS})
    last, _, first = item.nom.partition("^")
    for name, value in (
        ("nationalId", item.acteur),
        ("nationalIdType", OID_PS if item.genre == "PS" else OID_STRUCTURE),
        ("firstName", first),
        ("lastName", last),
        ("codeSpeciality", item.specialite),
        ("libSpeciality", table("JDV_J01").label(item.specialite) if item.specialite else ""),
        ("startOfAuthorization", _dtm(item.debut)),
        ("lastActionDate", _dtm(item.derniere_action)),
        ("mode", "INTERDITE" if item.interdit else "ACTIVE"),
        ("specificRight", _MT if item.medecin_traitant else ""),
    ):
        if value:
            etree.SubElement(row, q(HABILITATIONS, name)).text = value
    return row


def _dtm(iso: str) -> str:
    return datetime.fromisoformat(iso).strftime("%Y%m%d%H%M%S")


def _output(name: str, status: str, remark: str) -> etree._Element:
    response = etree.Element(q(HABILITATIONS, name), nsmap={"h": HABILITATIONS})
    output = etree.SubElement(response, q(HABILITATIONS, "output"))
    etree.SubElement(output, q(HABILITATIONS, "status")).text = status
    etree.SubElement(output, q(HABILITATIONS, "context")).text = remark or None
    return response
