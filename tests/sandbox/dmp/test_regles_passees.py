"""Why a request was accepted: the rules that it passed, each with its standing and its source."""

from __future__ import annotations

from opensegur.sandbox.dmp.catalogue import CATALOGUE


def test_an_accepted_lot_names_the_rules_it_passed(atelier, outils) -> None:
    fed = atelier.feed(outils.Lot(docs=[outils.Doc(uid="1.2.250.1.999.4.9")]))
    assert fed.refus == ()
    for rule in (
        "vihf.signature",
        "tls.structure",
        "meta.x16",
        "signature.empreinte",
        "unicite.document",
        "cda.patient",
    ):
        assert rule in fed.passees
    assert all(CATALOGUE[rule].source for rule in fed.passees)
    assert not any(rule.startswith(("requete", "retrait", "td02")) for rule in fed.passees)


def test_an_existence_check_names_its_own(atelier, outils) -> None:
    answer = atelier.exists()
    assert "td02.patient" in answer.passees
    assert not any(rule.startswith(("lot", "signature", "requete")) for rule in answer.passees)


def test_a_refused_request_names_only_what_refused_it(atelier, outils) -> None:
    refused = atelier.retrieve(["1.2.3"])
    assert refused.refus
    assert refused.passees == ()
