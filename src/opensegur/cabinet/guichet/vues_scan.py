"""A code that was scanned, wherever the cursor was: recognised, then taken to the right place."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from opensegur.cabinet.acces import acces
from opensegur.cabinet.guichet import vues_apcv
from opensegur.cabinet.guichet.lectures import consume, keep_reading, reading_of
from opensegur.cabinet.guichet.models import Lecture
from opensegur.cabinet.guichet.ouverture import ask_for_claim
from opensegur.cabinet.guichet.rapprochement import Rapprochement, match, only_same
from opensegur.cabinet.patients import insi, preuves
from opensegur.cabinet.patients.models import Patient, RechercheInsi
from opensegur.cabinet.requete import Requete
from opensegur.foundation.errors import InvalidValue, OpenSegurError
from opensegur.ins import OID_NIR, OID_NIR_TEST, Canal, CodeRetour, Matricule
from opensegur.ins.datamatrix import ContenuIns, LectureReparee, parse_repaired
from opensegur.ins.datamatrix.images import Symbole, read_symbols
from opensegur.ins.lecture import Genre, Scan, recognize_scan
from opensegur.medicament.gs1 import parse_box

_AUTRES = {
    Genre.BOITE: (
        "Boîte de médicament",
        "Ce code est celui d’une boîte. Il se lit pendant une délivrance ou une vaccination.",
        "Pour ouvrir un dossier, scannez le code INS d’un document ou l’appli carte Vitale.",
    ),
    Genre.ORDONNANCE: (
        "Ordonnance numérique",
        "Ce code est celui d’une ordonnance. Il se lit pendant une délivrance.",
        "Ouvrez d’abord le dossier de la personne.",
    ),
    Genre.INCONNU: (
        "Code non reconnu",
        "Ce qui vient d’être lu n’est ni un code INS, ni l’appli carte Vitale, ni un matricule.",
        "Scannez de nouveau, bien à plat. Si le code est abîmé, cherchez la personne par son nom.",
    ),
}


@acces(action="guichet.lire", trace=False)
@require_GET
def accueil(request: Requete) -> HttpResponse:
    return render(request, "guichet/accueil.html", {})


@acces(action="guichet.lire")
@require_POST
def lire(request: Requete) -> HttpResponse:
    """What a scanner typed. The person is at the counter: an unknown INS is asked of INSi at once."""
    scan = recognize_scan(request.POST.get("lu", ""))
    request.trace.objet = f"code {scan.genre.value}"
    if (place := _for_the_record(request, scan)) is not None:
        return redirect(place)
    return _route(request, scan, present=True)


@acces(action="guichet.lire")
@require_POST
def image(request: Requete) -> HttpResponse:
    """A page that was dropped, or a picture of the webcam (which is answered in JSON, and is not kept)."""
    camera = request.POST.get("camera") == "1"
    upload = request.FILES.get("fichier")
    request.trace.tue = camera
    try:
        symbols = read_symbols(upload.read()) if upload else ()
    except OpenSegurError as error:
        if camera:
            return JsonResponse({"message": error.message})
        raise
    scans = _useful(symbols)
    if camera:
        return _from_camera(request, scans)
    if not scans:
        return _other(request, Scan(Genre.INCONNU, ""), "Aucun code n’a été trouvé sur cette page.")
    request.trace.objet = ", ".join(f"code {scan.genre.value}" for scan in scans)
    if len(scans) > 1:
        return _choose(request, scans)
    if (place := _for_the_record(request, scans[0])) is not None:
        return redirect(place)
    return _route(request, scans[0], present=False)


@acces(action="guichet.creer")
@require_http_methods(["GET", "POST"])
def ins(request: Requete, lecture_id: UUID) -> HttpResponse:
    """An identity that a code claims: the records that look like it, and what to do."""
    lecture, read = reading_of(request, lecture_id, Lecture.Nature.INS)
    claim = parse_repaired(read["texte"])
    found = _match(request, claim.contenu)
    if found.titulaire:
        request.trace.patient_ref = found.titulaire.pk
    if request.method == "POST":
        return _decide(request, lecture, claim, found)
    return _show(request, claim, found)


def _route(request: Requete, scan: Scan, *, present: bool) -> HttpResponse:
    if scan.genre is Genre.INS:
        if scan.faute or scan.ins is None:
            raise scan.faute or OpenSegurError("SCAN", "Ce code INS est illisible.")
        return _identity(request, scan.texte, scan.ins, present=present)
    if scan.genre is Genre.APPLI_VITALE:
        return vues_apcv.open_token(request, scan.texte)
    if scan.genre is Genre.MATRICULE:
        return _matricule(request, scan.texte)
    return _other(request, scan)


def _identity(request: Requete, texte: str, claim: LectureReparee, *, present: bool) -> HttpResponse:
    for repair in claim.reparations:
        messages.warning(request, f"{repair.message} {repair.repair}")
    found = _match(request, claim.contenu)
    if found.accord and found.titulaire:
        request.trace.patient_ref = found.titulaire.pk
        messages.success(request, "Code INS lu : c’est ce dossier, les traits sont les mêmes.")
        return redirect("patients:dossier", found.titulaire.pk)
    lecture = keep_reading(request, Lecture.Nature.INS, Canal.SCAN, {"texte": texte})
    same = only_same(found.semblables, claim.contenu.traits())
    alone = found.titulaire is None and (same is not None or not found.semblables)
    if present and alone and not request.qui.structure.esclave:
        return _ask_insi(request, lecture, claim, found, same)
    return redirect("guichet:ins", lecture.pk)


def _decide(request: Requete, lecture: Lecture, claim: LectureReparee, found: Rapprochement) -> HttpResponse:
    geste = request.POST.get("geste", "")
    if geste == "provisoire":
        consume(lecture)
        patient = preuves.create_patient(request.qui.structure, claim.contenu.traits(), request.qui.compte)
        request.trace.patient_ref = patient.pk
        messages.success(request, f"Le dossier {patient.ipp} est créé avec les traits du code. Il est provisoire.")
        return redirect("patients:dossier", patient.pk)
    chosen: Patient | None = None
    if "dossier" in request.POST:
        among = [patient.pk for patient in found.semblables]
        chosen = get_object_or_404(
            Patient.objects.filter(structure=request.qui.structure, pk__in=among), pk=_uuid(request.POST["dossier"])
        )
        request.trace.patient_ref = chosen.pk
    return _ask_insi(request, lecture, claim, found, chosen)


def _ask_insi(
    request: Requete, lecture: Lecture, claim: LectureReparee, found: Rapprochement, patient: Patient | None
) -> HttpResponse:
    try:
        answer = ask_for_claim(
            request.qui.structure, claim.contenu.traits(), request.qui.compte, patient=patient, canal=Canal.SCAN
        )
    except OpenSegurError as error:
        request.trace.resultat = error.code
        return _show(request, claim, found, panne=error)
    request.trace.objet = f"INSi {answer.pk} : {answer.code}"
    if not insi.is_found(answer):
        return _show(request, claim, found, retour=CodeRetour(answer.code))
    consume(lecture)
    _compare_matricules(request, claim.contenu, answer)
    return redirect("patients:comparaison", answer.pk)


def _compare_matricules(request: Requete, claimed: ContenuIns, answer: RechercheInsi) -> None:
    if insi.individu_of(answer).matricule.nir != claimed.matricule.nir:
        messages.error(
            request,
            "Le matricule du code n’est pas celui que donne l’INSi : le document est ancien, ou n’est pas le sien.",
        )


def _show(request: Requete, claim: LectureReparee, found: Rapprochement, **more: Any) -> HttpResponse:
    context = {
        "traits": claim.contenu.traits(),
        "remarques": claim.remarques,
        "titulaire": found.titulaire,
        "ecarts": found.ecarts,
        "semblables": found.semblables,
        "insi_possible": not request.qui.structure.esclave,
        **more,
    }
    return render(request, "guichet/ins.html", context, status=422 if more else 200)


def _matricule(request: Requete, valeur: str) -> HttpResponse:
    for oid in (OID_NIR, OID_NIR_TEST):
        holder = preuves.holder_of(request.qui.structure, Matricule(valeur, oid))
        if holder is not None:
            request.trace.patient_ref = holder.pk
            return redirect("patients:dossier", holder.pk)
    messages.info(request, "Aucun dossier ne porte ce matricule. Cherchez la personne par son nom.")
    return redirect("patients:recherche")


def _other(request: Requete, scan: Scan, message: str = "") -> HttpResponse:
    titre, text, conseil = _AUTRES[scan.genre]
    valeurs, alertes = [("Numéro", each) for each in scan.valeurs.values()], list[str]()
    if scan.genre is Genre.BOITE:
        valeurs, alertes = _of_a_box(scan.texte)
    context = {
        "titre": titre,
        "message": message or text,
        "conseil": conseil,
        "valeurs": valeurs,
        "alertes": alertes,
    }
    return render(request, "guichet/autre.html", context, status=422 if scan.genre is Genre.INCONNU else 200)


def _for_the_record(request: Requete, scan: Scan) -> str | None:
    """Where a box leads that is scanned while a record is open: to the vaccination, by whoever may vaccinate."""
    dossier = _uuid(request.POST.get("dossier", ""))
    if scan.genre is not Genre.BOITE or dossier is None or not request.qui.peut("medical.vacciner"):
        return None
    lecture = keep_reading(request, Lecture.Nature.BOITE, Canal.SCAN, {"texte": scan.texte})
    return f"{reverse('medical:vaccination', args=(dossier,))}?lecture={lecture.pk}"


def _of_a_box(text: str) -> tuple[list[tuple[str, str]], list[str]]:
    """What the box says, and what has to be looked at on it."""
    try:
        box = parse_box(text, timezone.localdate())
    except InvalidValue as error:
        return [], [f"{error.message} {error.conseil}"]
    expiry = f"{box.peremption:%d/%m/%Y}" if box.peremption else ""
    read = [
        ("Code CIP", box.cip13),
        ("Produit (GTIN)", "" if box.cip13 else box.gtin),
        ("Lot", box.lot),
        ("À utiliser jusqu’au", expiry),
        ("Numéro de série", box.serie),
    ]
    return [(name, value) for name, value in read if value], [warning.value for warning in box.avertissements]


def _useful(symbols: tuple[Symbole, ...]) -> list[Scan]:
    """The codes of a page that lead somewhere, the identities first; one that is unreadable is not chosen."""
    scans = [recognize_scan(symbol.texte) for symbol in symbols]
    identities = [scan for scan in scans if scan.genre in {Genre.INS, Genre.APPLI_VITALE} and not scan.faute]
    return identities or [scan for scan in scans if scan.genre is not Genre.INCONNU][:1]


def _choose(request: Requete, scans: list[Scan]) -> HttpResponse:
    codes = [
        (keep_reading(request, Lecture.Nature.INS, Canal.SCAN, {"texte": scan.texte}), scan.ins.contenu.traits())
        for scan in scans
        if scan.ins
    ]
    return render(request, "guichet/codes.html", {"codes": codes})


def _from_camera(request: Requete, scans: list[Scan]) -> HttpResponse:
    for scan in scans:
        if scan.ins:
            request.trace.tue = False
            request.trace.objet = "code ins (caméra)"
            # as for a page that was dropped: the record when it is this one, else what the code claims
            return JsonResponse(
                {"suite": _identity(request, scan.texte, scan.ins, present=False).headers["Location"]}
            )
        if scan.genre is Genre.APPLI_VITALE:
            request.trace.tue = False
            request.trace.objet = "appli carte Vitale (caméra)"
            return JsonResponse({"suite": vues_apcv.open_token(request, scan.texte).url})
        if (place := _for_the_record(request, scan)) is not None:
            request.trace.tue = False
            request.trace.objet = "code boite (caméra)"
            return JsonResponse({"suite": place})
    return JsonResponse({"message": "Rien de lisible encore : rapprochez le code, évitez les reflets."})


def _match(request: Requete, claimed: ContenuIns) -> Rapprochement:
    return match(request.qui.structure, claimed.matricule, claimed.traits())


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
