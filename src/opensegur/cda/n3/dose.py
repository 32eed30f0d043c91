"""How much of a medicine at once, per unit of time, and at most."""

from __future__ import annotations

from lxml import etree

from opensegur.cda.locate import child
from opensegur.cda.n3.ecriture import bounds, quantity
from opensegur.cda.n3.lecture import read_bounds, read_quantity
from opensegur.cda.n3.valeurs import Plage, Quantite
from opensegur.cda.noeud import Noeud, node
from opensegur.foundation.errors import InvalidValue

Maximum = tuple[Quantite, Quantite]
"""A quantity, and the duration in which it is not exceeded."""


def check_amount(plage: Plage | None) -> None:
    """Raise ``InvalidValue`` (CDA_DOSE): a dose and a rate have both bounds (E_medications_fr.sch)."""
    if plage is not None and (plage.bas is None or plage.haut is None):
        raise InvalidValue(
            "CDA_DOSE", "Une dose a deux bornes.", conseil="Pour une dose fixe, donnez deux fois la même valeur."
        )


def build_amounts(dose: Plage | None, debit: Plage | None, maximum: Maximum | None = None) -> list[Noeud]:
    """``doseQuantity``, ``rateQuantity`` and ``maxDoseQuantity``, in the order of the schema."""
    found = [bounds(tag, each) for tag, each in (("doseQuantity", dose), ("rateQuantity", debit)) if each]
    if maximum:
        amount, duration = maximum
        found.append(node("maxDoseQuantity", quantity("numerator", amount), quantity("denominator", duration)))
    return found


def read_amount(element: etree._Element | None) -> Plage | None:
    found = read_bounds(element)
    return found if found and found.bas and found.haut else None


def read_maximum(line: etree._Element) -> Maximum | None:
    limit = child(line, "maxDoseQuantity")
    amount, duration = read_quantity(child(limit, "numerator")), read_quantity(child(limit, "denominator"))
    return (amount, duration) if amount and duration else None
