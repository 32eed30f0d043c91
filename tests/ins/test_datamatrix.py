"""The datamatrix INS: content, payload, repairs, symbol, pictures."""

import io
import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
import zxingcpp
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image
from ppf.datamatrix import DataMatrix

from opensegur.foundation.errors import InvalidValue, RefusedInput
from opensegur.ins import (
    ACCEPTED,
    OID_NIA,
    OID_NIR,
    OID_NIR_TEST,
    Matricule,
    Nature,
    Preuve,
    Sexe,
    Traits,
    compute_etat,
    compute_key,
)
from opensegur.ins.clavier import _LOCKED, _NORMAL
from opensegur.ins.datamatrix import ContenuIns, contenu_of, encode_content, parse_content, parse_repaired
from opensegur.ins.datamatrix.format_ins import ENTETE, GS
from opensegur.ins.datamatrix.images import MAX_BYTES, read_symbols
from opensegur.ins.datamatrix.symbole import to_png, to_svg
from opensegur.ins.lexique import Champ, check_name

ADRTROIS = ContenuIns(Matricule("297022A02077878", OID_NIR), "ADRTROIS", "DOMINIQUE", Sexe.F, "1997-02-26", "2A020")
NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
# what an American keyboard's keys give on a French one, the inverse of what is repaired
_FRENCH = {meant: got for got, meant in _NORMAL.items()}
_FRENCH_LOCKED = {meant: got for got, meant in _LOCKED.items()}


def is_name(champ):
    def accepted(text):
        try:
            check_name(text, champ)
        except InvalidValue:
            return False
        return True

    return accepted


@st.composite
def matricules(draw):
    body = draw(st.sampled_from("1278")) + draw(st.from_regex(r"[0-9]{2}", fullmatch=True))
    month = draw(st.integers(1, 12))
    place = draw(st.sampled_from(["63220", "2A020", "2B033", "99132", "97209"]))
    nir = f"{body}{month:02d}{place}{draw(st.integers(1, 999)):03d}"
    return Matricule(nir + compute_key(nir), draw(st.sampled_from(sorted(ACCEPTED))))


def names(champ):
    letters = st.text("ABCDEGMQSWZ '-", min_size=1, max_size=100)
    return letters.filter(is_name(champ))


contents = st.builds(
    ContenuIns,
    matricule=matricules(),
    nom_naissance=names(Champ.NOM),
    prenoms=names(Champ.PRENOM),
    sexe=st.sampled_from([Sexe.M, Sexe.F]),
    date_naissance=st.dates().map(lambda day: day.isoformat()) | st.just("1950-00-00") | st.just("1942-19-01"),
    lieu_naissance=st.sampled_from(["", "63220", "2A020", "99132"]),
)
LONGEST = replace(ADRTROIS, nom_naissance="A" * 100, prenoms="B" * 100)


@given(contents)
@example(LONGEST)
@example(replace(ADRTROIS, prenoms="ESTELLE S", nom_naissance="S"))
def test_what_is_written_is_read_back(content):
    payload = encode_content(content)
    assert payload.startswith(ENTETE)
    assert len(payload) <= 291
    assert parse_content(payload) == content
    assert parse_repaired(payload).reparations == ()


@given(contents, st.sampled_from(["", "<GS>", "{GS}", "|", "␝"]))
@example(replace(ADRTROIS, prenoms="ESTELLE S", nom_naissance="S"), "")
def test_lost_or_written_separators_give_the_same_identity_and_it_is_told(content, instead):
    damaged = encode_content(content).replace(GS, instead)
    if damaged == encode_content(content):
        return
    mended = parse_repaired(damaged)
    assert mended.contenu == content
    assert "DATAMATRIX.separateurs" in {each.rule for each in mended.reparations}


@given(contents, st.sampled_from([_FRENCH, _FRENCH_LOCKED]), st.booleans())
def test_a_scanner_set_to_another_keyboard_gives_the_same_identity_and_it_is_told(content, keyboard, keeps_gs):
    payload = encode_content(content)
    typed = (payload if keeps_gs else payload.replace(GS, "")).translate(keyboard)
    mended = parse_repaired(typed + "\n")
    assert mended.contenu == content
    assert "DATAMATRIX.clavier" in {each.rule for each in mended.reparations}


@given(contents)
def test_locked_capitals_and_a_prefix_are_mended(content):
    payload = encode_content(content)
    for damaged in (payload.lower(), "]d1" + payload, payload.swapcase().replace(GS, "")):
        mended = parse_repaired(damaged)
        assert mended.contenu == content
        assert mended.reparations


@given(
    st.text(max_size=200) | contents.map(encode_content).flatmap(lambda text: st.sampled_from([text[:60], text * 2]))
)
def test_anything_else_is_refused_in_french_without_what_it_held(text):
    for parse in (parse_content, parse_repaired):
        with pytest.raises(InvalidValue) as caught:
            parse(text)
        assert caught.value.conseil
        assert not any(word in caught.value.detail for word in text.split() if len(word) > 8)


def test_blocks_come_in_any_order():
    # the order of ZXing's own vector: the name comes last, and needs no separator
    text = f"{ENTETE}S1279035121518989S21.2.250.1.213.1.4.10S3DOMINIQUE MARIE-LOUISE{GS}S5FS628-03-1979S751215S4PAT-TROIS"
    content = parse_content(text)
    assert content.nom_naissance == "PAT-TROIS"
    assert content.matricule.oid == OID_NIR_TEST


@pytest.mark.parametrize(
    ("oid", "separated"), [(OID_NIR, True), (OID_NIA, True), (OID_NIR_TEST, False)], ids=["NIR", "NIA", "test"]
)
def test_an_oid_of_twenty_characters_needs_no_separator(oid, separated):
    payload = encode_content(replace(ADRTROIS, matricule=Matricule("297022A02077878", oid)))
    assert (f"{oid}{GS}" in payload) == separated


@pytest.mark.parametrize(
    ("damage", "code"),
    [
        (lambda text: text.replace("IS01", "IS02"), "DATAMATRIX_VERSION"),
        (lambda text: text.replace("IS010", "IS011"), "DATAMATRIX_ENTETE"),
        (lambda text: "XX" + text[2:], "DATAMATRIX_ENTETE"),
        (lambda text: text.replace("S5F", "S9F"), "DATAMATRIX_BLOC"),
        (lambda text: text + "S5F", "DATAMATRIX_BLOC"),
        (lambda text: text.replace("S5F", ""), "DATAMATRIX_BLOC"),
        (lambda text: text[:-2], "DATAMATRIX_BLOC"),
        (lambda text: text.replace("S5F", "S5I"), "DATAMATRIX_SEXE"),
        (lambda text: text.replace("26-02-1997", "1997-02-26"), "DATAMATRIX_DATE"),
        (lambda text: text.replace("ADRTROIS", "ADRTRÔIS"), "NOM_LEXIQUE"),
        (lambda text: text.replace("78S2", "79S2"), "INS_MATRICULE_CLE"),
        (lambda text: text.replace("1.4.8", "1.4.2"), "INS_OID"),
    ],
)
def test_each_fault_has_its_code(damage, code):
    with pytest.raises(InvalidValue) as caught:
        parse_content(damage(encode_content(ADRTROIS)))
    assert caught.value.code == code


def test_a_separator_too_many_is_a_fault_that_is_mended():
    payload = encode_content(replace(ADRTROIS, matricule=Matricule("297022A02077878", OID_NIR_TEST)))
    spoilt = payload.replace("1.4.10", f"1.4.10{GS}")
    with pytest.raises(InvalidValue):
        parse_content(spoilt)
    assert parse_repaired(spoilt).reparations


def test_what_is_read_deserves_a_second_look_where_it_is_odd():
    rules = {each.rule for each in replace(ADRTROIS, sexe=Sexe.M, date_naissance="1997-00-00").remarks()}
    assert {"INS.sexe", "DATAMATRIX.date"} <= rules
    assert replace(ADRTROIS, lieu_naissance="99132").remarks() == []


def test_the_traits_to_prefill_are_cut_and_completed():
    traits = replace(ADRTROIS, prenoms="ANNE MARIE", date_naissance="1950-00-00").traits()
    assert traits.premier_prenom == "ANNE"
    assert (traits.date_naissance, traits.date_estimee) == ("1950-12-31", True)


@pytest.mark.exigence("INS/va1.53")
@pytest.mark.parametrize(
    "natures", [(), (Nature.RECUPERATION_INSI,), (Nature.CONTROLE_REUSSI,)], ids=["PROV", "RECUP", "VALI"]
)
def test_only_a_qualified_identity_is_printed(natures):
    events = {
        Nature.RECUPERATION_INSI: Preuve(Nature.RECUPERATION_INSI, NOW, matricule=ADRTROIS.matricule),
        Nature.CONTROLE_REUSSI: Preuve(Nature.CONTROLE_REUSSI, NOW, piece="PA"),
    }
    traits = Traits("ADRTROIS", "", "DOMINIQUE", "1997-02-26", Sexe.F, "2A020")
    with pytest.raises(InvalidValue) as caught:
        contenu_of(compute_etat(events[nature] for nature in natures), traits)
    assert caught.value.code == "IDENTITE_NON_QUALIFIEE"
    assert contenu_of(compute_etat(events.values()), traits) == ADRTROIS


def test_an_undetermined_sex_has_no_code():
    with pytest.raises(InvalidValue) as caught:
        replace(ADRTROIS, sexe=Sexe.I)
    assert caught.value.code == "DATAMATRIX_SEXE"


@settings(max_examples=25)
@given(contents)
@example(LONGEST)
def test_the_symbol_is_square_has_its_quiet_zone_and_is_read_back(content):
    payload = encode_content(content)
    png = to_png(payload)
    with Image.open(io.BytesIO(png)) as image:
        assert image.width == image.height
        assert image.crop((0, 0, image.width, 4)).getextrema() == (255, 255)
    assert [symbol.texte for symbol in read_symbols(png)] == [payload]


@settings(max_examples=10)
@given(contents)
def test_a_symbol_drawn_by_somebody_else_is_read(content):
    payload = encode_content(content)
    matrix = DataMatrix(payload).matrix
    size = len(matrix) + 4
    image = Image.new("L", (size, size), 255)
    for y, row in enumerate(matrix):
        for x, dark in enumerate(row):
            image.putpixel((x + 2, y + 2), 0 if dark else 255)
    out = io.BytesIO()
    image.resize((size * 5, size * 5), Image.Resampling.NEAREST).save(out, "PNG")
    (symbol,) = read_symbols(out.getvalue())
    assert parse_content(symbol.texte) == content


def test_the_drawing_says_the_same_as_the_picture():
    payload = encode_content(ADRTROIS)
    svg = to_svg(payload)
    modules = zxingcpp.create_barcode(payload, zxingcpp.DataMatrix, force_square=True).to_image(
        scale=1, add_quiet_zones=False
    )
    black = sum(pixel == 0 for row in memoryview(modules).tolist() for pixel in row)
    drawn = sum(int(length) for length in __import__("re").findall(r"h(\d+)", svg))
    assert drawn == black
    assert "<script" not in svg


@pytest.mark.fixtures
@pytest.mark.parametrize("name", ["dm01.png", "dm02.png", "dm03.png"])
def test_the_official_symbols_are_read(official, name):
    (symbol,) = read_symbols((official / "ins/datamatrix" / name).read_bytes())
    assert parse_content(symbol.texte).remarks() is not None


@pytest.mark.fixtures
def test_the_official_samples_are_judged_as_published(official):
    lines = (official / "ins/datamatrix/datamatrix_samples.jsonl").read_text(encoding="utf-8").splitlines()
    samples = [json.loads(line) for line in lines if line.strip()]
    assert len(samples) >= 16
    for sample in samples:
        if sample["valid"]:
            content = parse_content(sample["payload"])
            assert encode_content(content) == sample["payload"]
            if sample.get("warning") == "sex":
                assert "INS.sexe" in {each.rule for each in content.remarks()}
        else:
            with pytest.raises(InvalidValue):
                parse_content(sample["payload"])
            if sample.get("recoverable"):
                assert parse_repaired(sample["payload"]).reparations


def _pdf_with(picture, *, pages=1):
    out = io.BytesIO()
    sheets = [Image.new("L", (1240, 1754), 255) for _ in range(pages)]
    sheets[-1].paste(picture, (900, 100))
    sheets[0].save(out, "PDF", resolution=150, save_all=True, append_images=sheets[1:])
    return out.getvalue()


def test_a_code_on_a_page_of_a_pdf_is_found_with_its_page():
    payload = encode_content(ADRTROIS)
    with Image.open(io.BytesIO(to_png(payload, pixels=5))) as picture:
        (symbol,) = read_symbols(_pdf_with(picture, pages=2))
    assert (symbol.texte, symbol.page) == (payload, 2)


@pytest.mark.parametrize("turn", [0, 90, 180, 270, 7])
def test_a_page_scanned_askew_is_read(turn):
    payload = encode_content(ADRTROIS)
    with Image.open(io.BytesIO(to_png(payload, pixels=6))) as picture:
        page = Image.new("L", (900, 900), 255)
        page.paste(picture, (300, 300))
    out = io.BytesIO()
    page.rotate(turn, fillcolor=255, resample=Image.Resampling.BICUBIC).save(out, "JPEG", quality=60)
    assert [symbol.texte for symbol in read_symbols(out.getvalue())] == [payload]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "CODE_IMAGE"),
        (b"GIF89a", "CODE_IMAGE"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "CODE_IMAGE"),
        (b"%PDF-1.4 nothing", "CODE_PDF"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "CODE_IMAGE"),
        (b"x" * (MAX_BYTES + 1), "CODE_TAILLE"),
    ],
    ids=["empty", "gif", "broken png", "broken pdf", "svg", "too big"],
)
def test_a_file_that_is_no_picture_is_refused_in_french(data, code):
    with pytest.raises(RefusedInput) as caught:
        read_symbols(data)
    assert caught.value.code == code
    assert caught.value.conseil


def test_a_picture_without_a_code_gives_nothing():
    out = io.BytesIO()
    Image.new("L", (50, 50), 255).save(out, "PNG")
    assert read_symbols(out.getvalue()) == ()


def test_no_identity_shows_in_a_representation():
    assert "ADRTROIS" not in repr(ADRTROIS)
    assert "ADRTROIS" not in repr(parse_repaired(encode_content(ADRTROIS)))
