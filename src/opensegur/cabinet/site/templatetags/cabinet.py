"""The tags of our templates, loaded everywhere."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import template
from django.forms import BoundField
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from opensegur.cabinet.postes.agent import ORIGINES
from opensegur.cabinet.site.icones import ICONES
from opensegur.foundation.errors import InvalidValue
from opensegur.ins import Statut
from opensegur.ins.dates import format_date
from opensegur.nomenclature import lieu

register = template.Library()

_STATUTS = {
    Statut.PROVISOIRE: "provisoire",
    Statut.RECUPEREE: "recuperee",
    Statut.VALIDEE: "validee",
    Statut.QUALIFIEE: "qualifiee",
}


@register.simple_tag
def icone(nom: str) -> SafeString:
    """An icon that says nothing by itself: the words beside it do."""
    return format_html('<svg class="icone" viewBox="0 0 24 24" aria-hidden="true">{}</svg>', mark_safe(ICONES[nom]))  # noqa: S308 drawings of ours # nosec B308, B703


@register.simple_tag
def agents() -> str:
    """Where a page looks for the agent of its workstation."""
    return " ".join(ORIGINES)


@register.filter
def classe_statut(statut: Statut) -> str:
    return _STATUTS[statut]


@register.inclusion_tag("cabinet/pastille.html")
def pastille(statut: Statut, *, courte: bool = False) -> dict[str, Any]:
    """The status in a colour, an icon and words."""
    libelle = statut.libelle.removeprefix("Identité ") if courte else statut.libelle
    return {"classe": _STATUTS[statut], "libelle": libelle}


@register.inclusion_tag("cabinet/champ.html")
def champ(field: BoundField, aide: str = "", classe: str = "", *, mention: bool = True) -> dict[str, Any]:
    """A field with its label, its help and its errors tied together for screen readers.

    ``mention``: say when the field is optional.
    """
    described = [f"{field.auto_id}-aide"] if aide or field.help_text else []
    if field.errors:
        described.append(f"{field.auto_id}-erreur")
    attributes: dict[str, str | bool] = {}
    if described:
        attributes["aria-describedby"] = " ".join(described)
    if field.errors:
        attributes["aria-invalid"] = "true"
    return {
        "field": field,
        "widget": field.as_widget(attrs=attributes),
        "aide": aide or field.help_text,
        "classe": classe,
        "mention": mention,
    }


@register.filter
def jj_mm_aaaa(texte: str) -> str:
    """A birth date as people write it; as it is when it cannot be read."""
    try:
        return format_date(texte)
    except InvalidValue:
        return texte


@register.filter
def peut(qui: Any, action: str) -> bool:
    """Whether whoever is asking may do this."""
    return bool(qui and qui.peut(action))


@register.filter
def age(texte: str) -> str:
    """The age today from AAAA-MM-JJ: in months under three years, in days under two months."""
    try:
        born = date.fromisoformat(texte)
    except ValueError:
        return ""
    today = timezone.localdate()
    months = (today.year - born.year) * 12 + today.month - born.month - (today.day < born.day)
    if months < 0:
        return ""
    if months < 2:  # noqa: PLR2004
        return f"{(today - born).days} j"
    if months < 36:  # noqa: PLR2004
        return f"{months} mois"
    years = months // 12
    return f"{years} ans"


@register.filter
def nom_du_lieu(code: str, jour: str = "") -> str:
    """A place of birth in words, with its code; the code alone when no table knows it."""
    if not code:
        return ""
    found = lieu(code)
    return f"{found.name_on(jour) if jour else found.nom} ({code})" if found else code


@register.filter
def nom_courant(patient: Any) -> str:
    """How a person is called at the counter: the names in use, those of birth otherwise."""
    return f"{patient.nom_utilise or patient.nom_naissance} {patient.prenom_utilise or patient.premier_prenom}"


@register.filter
def libelle_sexe(code: str) -> str:
    return {"F": "Féminin", "M": "Masculin", "I": "Indéterminé"}.get(str(code), str(code))


@register.filter
def minutes_depuis(moment: Any) -> str:
    """How long somebody has been waiting."""
    if moment is None:
        return ""
    minutes = max(0, int((timezone.now() - moment).total_seconds() // 60))
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02d}"  # noqa: PLR2004
