"""The carte Vitale at the counter: the reader, the people of the card, the one who is present."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from opensegur.cabinet.acces import acces
from opensegur.cabinet.guichet import carte as guichet_carte
from opensegur.cabinet.guichet.presentation import CarteMontree, show_card
from opensegur.cabinet.patients import insi
from opensegur.cabinet.patients.forms import IdentiteForm
from opensegur.cabinet.requete import Requete
from opensegur.cabinet.structures.configuration import configuration_of
from opensegur.foundation.errors import OpenSegurError
from opensegur.ins import CodeRetour
from opensegur.ins.vitale import CarteRefusee, CarteVitale
from opensegur.ins.vitale_lecteur import LecteurVirtuel

_INSEREE = "vitale_inseree"


@acces(action="guichet.lire")
@require_GET
def vitale(request: Requete) -> HttpResponse:
    """The card in the reader, read now; the reader of the demonstration is shown where it stands for a real one."""
    return _show(request)


@acces(action="guichet.lire")
@require_POST
def lecteur(request: Requete) -> HttpResponse:
    """Put a virtual card in the reader of this counter, or take it out."""
    reader = _reader(request)
    if "inserer" in request.POST:
        reader.insert(request.POST["inserer"])
    else:
        reader.withdraw()
    request.session[_INSEREE] = reader.nom
    return redirect("guichet:vitale")


@acces(action="guichet.creer")
@require_POST
def beneficiaire(request: Requete) -> HttpResponse:
    """The person present: INSi is asked with the card; when that fails, with the traits of their record."""
    text = request.POST.get("rang", "")
    rang = int(text) if text.isascii() and text.isdigit() else 0
    reader, serie = _reader(request), request.POST.get("serie", "")
    structure, auteur = request.qui.structure, request.qui.compte
    try:
        answer = guichet_carte.ask_with_card(structure, reader, serie, rang, auteur)
    except CarteRefusee as error:
        request.trace.resultat = error.code
        return _show(request, error)
    except OpenSegurError as error:
        request.trace.resultat = error.code
        return _fall_back(request, reader, rang, error.message, error.conseil)
    request.trace.objet = f"INSi {answer.pk} : {answer.code}"
    request.trace.patient_ref = answer.patient_id or ""
    if insi.is_found(answer):
        return redirect("patients:comparaison", answer.pk)
    code = CodeRetour(answer.code)
    return _fall_back(request, reader, rang, f"Avec la carte : {code.libelle.lower()}.", "")


def _fall_back(request: Requete, reader: LecteurVirtuel, rang: int, message: str, conseil: str) -> HttpResponse:
    """The local traits (users' documents): those of the record when it is surely theirs, else a form to fill in."""
    carte = reader.read()
    patient, answer = guichet_carte.ask_with_traits(request.qui.structure, carte, rang, request.qui.compte)
    if answer is not None and insi.is_found(answer):
        messages.info(request, f"{message} L’INSi a été interrogé avec les traits du dossier.")
        return redirect("patients:comparaison", answer.pk)
    messages.warning(request, f"{message} {conseil}".strip())
    if patient is not None:
        request.trace.patient_ref = patient.pk
        return redirect("patients:dossier", patient.pk)
    if request.qui.structure.esclave:
        return redirect("guichet:vitale")
    person = carte.beneficiaire(rang)
    year, month, day = person.naissance.split("-")
    # the name of the card is the one of the billing: it goes into the birth name only when the card says so
    prefilled = {
        "nom_naissance": person.nom_famille,
        "premier_prenom": person.prenom,
        "date_naissance": f"{day}/{month}/{year}",
    }
    return render(request, "patients/nouveau.html", {"form": IdentiteForm(initial=prefilled)}, status=422)


def _show(request: Requete, panne: OpenSegurError | None = None) -> HttpResponse:
    reader = guichet_carte.reader_of(request.qui.structure, request.session.get(_INSEREE, ""))
    carte: CarteVitale | None = None
    etat = "Aucun lecteur n’est configuré sur ce poste."
    if reader is not None:
        try:
            carte = reader.read()
            carte.check_profil(configuration_of(request.qui.structure).profil)
        except OpenSegurError as error:
            carte, etat = None, f"{error.message} {error.conseil}"
    shown: CarteMontree | None = show_card(carte) if carte else None
    context = {
        "carte": shown,
        "etat": etat,
        "panne": panne,
        "virtuel": reader is not None,
        "cartes": reader.cards() if reader else (),
        "inseree": reader.nom if reader else "",
    }
    return render(request, "guichet/vitale.html", context, status=422 if panne else 200)


def _reader(request: Requete) -> LecteurVirtuel:
    reader = guichet_carte.reader_of(request.qui.structure, request.session.get(_INSEREE, ""))
    if reader is None:
        raise CarteRefusee(
            "VITALE_LECTEUR",
            "Aucun lecteur de carte Vitale n’est configuré sur ce poste.",
            conseil="Cherchez la personne par ses traits.",
        )
    return reader
