"""CX, XCN, XON and times: written, read back, and read when others write them badly."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opensegur.cda.testing import CABINET, MEDECIN
from opensegur.dmp.hl7 import (
    Cx,
    Xcn,
    Xon,
    escape,
    format_dtm,
    parse_cx,
    parse_dtm,
    parse_xcn,
    parse_xon,
    unescape,
)
from opensegur.foundation.errors import InvalidValue
from opensegur.ins import OID_NIR_TEST, Matricule

PIECES = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=20)
OIDS = st.lists(st.integers(0, 9999), min_size=1, max_size=6).map(lambda arcs: ".".join(["1.2", *map(str, arcs)]))


@given(st.text())
def test_escaping_gives_the_text_back_and_leaves_no_delimiter(text):
    written = escape(text)
    assert unescape(written) == text
    assert not set("^&~|") & set(written)


@given(PIECES, OIDS, st.sampled_from(["NH", "PI"]))
def test_a_cx_is_read_back(identifier, authority, kind):
    value = Cx(identifier, authority, kind)
    assert parse_cx(value.format()) == value


@given(PIECES, PIECES, PIECES, OIDS, st.sampled_from("DU"), st.sampled_from(["IDNPS", "EI", "NH", "RI"]))
def test_an_xcn_is_read_back(identifier, nom, prenom, authority, name_type, kind):
    value = Xcn(identifier, nom, prenom, authority, name_type, kind)
    assert parse_xcn(value.format()) == value


@given(PIECES, PIECES, OIDS, st.sampled_from(["IDNST", "SIREN"]))
def test_an_xon_is_read_back(nom, identifier, authority, kind):
    value = Xon(nom, identifier, authority, kind)
    assert parse_xon(value.format()) == value


@given(st.datetimes(datetime(1900, 1, 1), datetime(2999, 1, 1)), st.integers(-720, 720))
def test_a_moment_is_written_in_utc_to_the_second(moment, minutes):
    aware = moment.replace(microsecond=0, tzinfo=timezone(timedelta(minutes=minutes)))
    written = format_dtm(aware)
    assert len(written) == 14
    assert parse_dtm(written) == aware


def test_the_texts_are_those_of_the_national_profile():
    matricule = Matricule("279035121518989", OID_NIR_TEST)
    assert Cx.of_matricule(matricule).format() == "279035121518989^^^&1.2.250.1.213.1.4.10&ISO^NH"
    assert (
        Xcn.of_professionnel(MEDECIN).format()
        == f"{MEDECIN.id_nat}^{MEDECIN.nom}^{MEDECIN.prenom}^^^^^^&1.2.250.1.71.4.2.1&ISO^D^^^IDNPS"
    )
    assert Xon.of_structure(CABINET).format() == f"{CABINET.nom}^^^^^&1.2.250.1.71.4.2.2&ISO^IDNST^^^{CABINET.id_nat}"


def test_a_structure_with_an_ampersand_keeps_it():
    assert Xon("Durand & Fils", "1750000016").format().startswith(r"Durand \T\ Fils^")


def test_an_ins_is_recognised_and_a_local_number_is_not():
    assert parse_cx("279035121518989^^^&1.2.250.1.213.1.4.10&ISO^NH").matricule == Matricule(
        "279035121518989", OID_NIR_TEST
    )
    assert parse_cx("IPP42^^^&1.2.250.1.999.1&ISO^PI").matricule is None


def test_the_effective_date_that_old_examples_append_is_ignored():
    assert parse_cx("279035121518989^^^&1.2.250.1.213.1.4.10&ISO^NH^^20100907").kind == "NH"


def test_a_short_time_begins_its_period():
    assert parse_dtm("2026") == datetime(2026, 1, 1, tzinfo=UTC)
    assert parse_dtm("202603121005") == datetime(2026, 3, 12, 10, 5, tzinfo=UTC)


@pytest.mark.parametrize("text", ["", "26", "20261301", "2026-03-12", "２０２６", "20260312100560", "20260312+01"])
def test_what_is_no_time_is_refused(text):
    with pytest.raises(InvalidValue) as refused:
        parse_dtm(text)
    assert refused.value.code == "DMP_DATE"


@pytest.mark.parametrize("text", ["", "1", "1^2^^&1.2&ISO^NH", "1^^^1.2^NH", "^^^&1.2.3&ISO^NH", "1^^^&x&ISO^NH"])
def test_what_is_no_cx_is_refused(text):
    with pytest.raises(InvalidValue):
        parse_cx(text)


@pytest.mark.parametrize("text", ["", "^^^", "^^X"])
def test_an_author_must_be_somebody(text):
    with pytest.raises(InvalidValue) as refused:
        parse_xcn(text)
    assert refused.value.code == "DMP_XCN"


def test_a_bare_name_of_structure_is_enough():
    assert parse_xon("CH EXEMPLE") == Xon("CH EXEMPLE")


def test_a_time_without_zone_cannot_be_written():
    with pytest.raises(InvalidValue):
        format_dtm(datetime(2026, 1, 1))
