"""The list of work, the comparison, and what is decided: one person, two people, homonyms."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from opensegur.cabinet.acces import acces
from opensegur.cabinet.doublons import fusion
from opensegur.cabinet.doublons.collisions import say_one_person, to_examine
from opensegur.cabinet.doublons.demandees import may_decide, settle
from opensegur.cabinet.doublons.models import Fusion, Paire
from opensegur.cabinet.doublons.veille import pair_of, to_decide
from opensegur.cabinet.doublons.vues_recherche import latest
from opensegur.cabinet.patients.acces import refuse_slave
from opensegur.cabinet.patients.models import Patient
from opensegur.cabinet.patients.preuves import add_preuve
from opensegur.cabinet.requete import Requete
from opensegur.foundation.errors import InvalidValue
from opensegur.ins import Attribut, Nature, Statut

_PAR_PAGE = 50
_CHAMPS = (
    ("nom_naissance", "Nom de naissance"),
    ("prenoms", "Prénoms de naissance"),
    ("premier_prenom", "Premier prénom"),
    ("date_naissance", "Date de naissance"),
    ("sexe", "Sexe"),
    ("lieu_naissance", "Lieu de naissance"),
    ("nom_utilise", "Nom utilisé"),
    ("prenom_utilise", "Prénom utilisé"),
)
_RANGS = (Statut.QUALIFIEE, Statut.RECUPEREE, Statut.VALIDEE, Statut.PROVISOIRE)


@dataclass(frozen=True, slots=True)
class LigneComparee:
    champ: str
    libelle: str
    a: str
    b: str

    @property
    def differe(self) -> bool:
        return self.a != self.b


@acces(action="doublons.lire")
@require_GET
def liste(request: Requete) -> HttpResponse:
    """The pairs to decide, the likeliest first, and the last merges."""
    waiting = Paginator(to_decide(request.qui.structure).select_related("a", "b"), _PAR_PAGE)
    merges = Fusion.objects.filter(structure=request.qui.structure).select_related("garde", "absorbe", "auteur")
    context = {
        "page": waiting.get_page(request.GET.get("page")),
        "total": waiting.count,
        "fusions": merges[:20],
        "collisions": to_examine(request.qui.structure).select_related("patient"),
        "recherche": latest(request),
        "lancer_possible": not request.qui.structure.esclave,
        "defaire_possible": _may_undo(request),
    }
    return render(request, "doublons/liste.html", context)


@acces(action="doublons.comparer")
@require_POST
def comparer(request: Requete) -> HttpResponse:
    """Two records chosen by their numbers."""
    found = []
    for name in ("a", "b"):
        text = request.POST.get(name, "").strip()
        number = int(text) if text.isascii() and text.isdigit() and len(text) < 15 else 0  # noqa: PLR2004
        records = fusion.standing(Patient.objects.filter(structure=request.qui.structure, ipp=number))
        found.append(records.first())
    one, other = found
    if one is None or other is None or one.pk == other.pk:
        raise InvalidValue(
            "DOUBLON_NUMERO", "Ces deux numéros ne sont pas ceux de deux dossiers.", conseil="Vérifiez-les."
        )
    a, b = pair_of(one, other)
    pair, _ = Paire.objects.get_or_create(a=a, b=b, defaults={"structure": request.qui.structure, "score": 0})
    return redirect("doublons:paire", pair.pk)


@acces(action="doublons.comparer")
@require_GET
def paire(request: Requete, paire_id: UUID) -> HttpResponse:
    """Side by side, with what differs and what each record holds."""
    pair = _pair(request, paire_id)
    request.trace.objet = f"paire {pair.pk}"
    records = [_loaded(pair.a_id), _loaded(pair.b_id)]
    numbers = [each.matricule_ins() for each in records]
    context = {
        "paire": pair,
        "dossiers": [
            {
                "patient": each,
                "etat": each.etat(),
                "venues": each.venues.count(),
                "documents": each.documents.count(),
            }
            for each in records
        ],
        "lignes": [
            LigneComparee(champ, libelle, *(str(getattr(each, champ)) for each in records))
            for champ, libelle in _CHAMPS
        ],
        "garder": _best(records).pk,
        "deux_matricules": bool(numbers[0] and numbers[1] and numbers[0] != numbers[1]),
        "ouverte": pair.etat == Paire.Etat.A_TRAITER and may_decide(request.qui, pair),
    }
    return render(request, "doublons/paire.html", context)


@acces(action="doublons.decider")
@require_POST
def decider(request: Requete, paire_id: UUID) -> HttpResponse:
    pair = _pair(request, paire_id)
    if not may_decide(request.qui, pair):
        refuse_slave(request)
    request.trace.objet = f"paire {pair.pk}"
    geste = request.POST.get("geste", "")
    request.trace.motif = geste
    a, b = _loaded(pair.a_id), _loaded(pair.b_id)
    if geste == "fusionner":
        kept, gone = (a, b) if request.POST.get("garder") == str(a.pk) else (b, a)
        made = fusion.merge(kept, gone, request.qui, motif=request.POST.get("motif", ""))
        settle(pair)
        request.trace.patient_ref = kept.pk
        request.trace.objet += f", fusion {made.pk}"
        messages.success(request, f"Le dossier {gone.ipp} est fusionné dans le dossier {kept.ipp}.")
        return redirect("patients:dossier", kept.pk)
    if geste == "homonymes":
        for each in (a, b):
            if Attribut.HOMONYME not in each.etat().attributs:
                add_preuve(each, Nature.HOMONYME, request.qui.compte)
    elif geste != "differentes":
        raise InvalidValue("DOUBLON_GESTE", "Ce geste n’existe pas.", conseil="Rechargez la page.")
    etat = Paire.Etat.HOMONYMES if geste == "homonymes" else Paire.Etat.DIFFERENTES
    Paire.objects.filter(pk=pair.pk).update(etat=etat, decidee_le=timezone.now(), decidee_par=request.qui.compte)
    settle(pair)
    messages.info(request, "C’est noté : ce sont deux personnes.")
    return redirect("doublons:liste")


@acces(action="doublons.une_personne")
@require_POST
def une_personne(request: Requete, collision_id: UUID) -> HttpResponse:
    """The record that seemed to hold two people holds one."""
    refuse_slave(request)
    found = get_object_or_404(to_examine(request.qui.structure), pk=collision_id)
    request.trace.patient_ref = found.patient_id
    say_one_person(found, request.qui.compte)
    messages.info(request, "C’est noté : ce dossier est d’une seule personne.")
    return redirect("doublons:liste")


@acces(action="doublons.defaire")
@require_POST
def defaire(request: Requete, fusion_id: UUID) -> HttpResponse:
    """Both records as they were before."""
    if not _may_undo(request):
        refuse_slave(request)
    found = get_object_or_404(
        Fusion.objects.select_related("garde", "absorbe").filter(structure=request.qui.structure), pk=fusion_id
    )
    request.trace.objet = f"fusion {found.pk}"
    left = fusion.undo(found, request.qui)
    messages.success(request, f"La fusion est défaite : le dossier {found.absorbe.ipp} est de nouveau là.")
    if left:
        messages.warning(request, f"{len(left)} éléments déplacés depuis sont restés où ils sont.")
    return redirect("doublons:liste")


def _may_undo(request: Requete) -> bool:
    """A merge decided elsewhere and carried out here is undone by a référent d'identité only."""
    return request.qui.referent_identite or not request.qui.structure.esclave


def _pair(request: Requete, paire_id: UUID) -> Paire:
    return get_object_or_404(Paire.objects.filter(structure=request.qui.structure), pk=paire_id)


def _loaded(pk: UUID) -> Patient:
    return Patient.objects.select_related("structure").prefetch_related("preuves").get(pk=pk)


def _best(records: list[Patient]) -> Patient:
    """The record to keep: the surest status, then the oldest."""
    return min(records, key=lambda each: (_RANGS.index(each.statut), each.ipp))
