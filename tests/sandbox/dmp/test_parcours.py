"""The journey of a practice: does the dossier exist, feed, ask the right to read, search, read, replace."""

from __future__ import annotations

from datetime import timedelta

from lxml import etree


def test_a_fed_document_is_found_and_read_byte_for_byte(atelier, outils):
    content = outils.write_cda(outils.Doc(uid="1.2.250.1.999.4.1"))
    fed = atelier.feed(outils.Lot(docs=[outils.Doc(uid="1.2.250.1.999.4.1")]))
    assert outils.code_of(fed) == "", fed.refus
    assert outils.code_of(atelier.authorize()) == ""
    entries = atelier.find()
    assert [
        entry.find(
            ".//{*}ExternalIdentifier[@identificationScheme='urn:uuid:2e82c1f6-a085-4c72-9da3-8640a32e42ab']"
        ).get("value")
        for entry in entries
    ] == ["1.2.250.1.999.4.1"]
    answer = atelier.retrieve(["1.2.250.1.999.4.1"])
    assert outils.code_of(answer) == ""
    assert content in answer.corps
