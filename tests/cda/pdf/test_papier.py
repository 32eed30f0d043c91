"""What the practice prints: one design, whatever is said; readable by a person, a scanner and two validators."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pypdfium2
import pytest
from lxml import etree
from PIL import Image

from cda.n3.documents import VOLETS, Volet, draw
from opensegur.cda.papier import Case, Figure, Liste, Papier, Paragraphe, Tableau, Titre, blocks_of, print_sheet
from opensegur.cda.papier.blocs import Bloc
from opensegur.cda.pdf import check_pdfa
from opensegur.cda.pdf.document import drawable
from opensegur.cda.pdf.limites import LimitesPdf
from opensegur.cda.testing import CABINET, MEDECIN
from opensegur.foundation.errors import InvalidValue, RefusedInput
from opensegur.ins import OID_NIR_TEST, Matricule, Sexe, Traits
from opensegur.ins.datamatrix import ContenuIns, parse_content
from opensegur.ins.datamatrix.images import read_symbols

TRAITS = Traits("LEVEQUE", "ALICE COLETTE", "ALICE", "1982-11-30", Sexe.F, "14127", "VALLEE")
INS = ContenuIns(
    Matricule("282111412790088", OID_NIR_TEST), "LEVEQUE", "ALICE COLETTE", Sexe.F, "1982-11-30", "14127"
)
PAPIER = Papier(CABINET, MEDECIN, TRAITS, datetime(2026, 11, 26, 9, 0, tzinfo=UTC), "Certificat médical", ipp="21")


def text_of(pdf: bytes) -> str:
    return "\n".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf))


@pytest.mark.exigence("EXI DIF 02")
def test_a_qualified_patient_leaves_with_a_code_and_the_traits_on_the_first_page() -> None:
    pdf = print_sheet(replace(PAPIER, ins=INS), [Paragraphe("Peut pratiquer la natation.")] * 80)

    assert check_pdfa(pdf) == []
    (symbol,) = read_symbols(pdf)
    assert symbol.page == 1
    assert parse_content(symbol.texte) == INS
    first = pypdfium2.PdfDocument(pdf)[0].get_textpage().get_text_range()
    for said in ("LEVEQUE ALICE COLETTE", "30/11/1982", "INS à scanner", "VALLEE", "Dossier 21", "26 novembre 2026"):
        assert said in first


def test_nothing_of_the_ins_is_printed_for_another_identity() -> None:
    pdf = print_sheet(PAPIER, [Paragraphe("Peut pratiquer la natation.")])

    assert read_symbols(pdf) == ()
    assert "INS" not in text_of(pdf)
    assert "LEVEQUE ALICE COLETTE" in text_of(pdf)


def test_every_page_says_whose_it_is_and_which_it_is() -> None:
    pages = pypdfium2.PdfDocument(print_sheet(PAPIER, [Paragraphe("Une ligne.")] * 100))

    assert len(pages) > 1
    for rank, page in enumerate(pages, start=1):
        said = page.get_textpage().get_text_range().replace("\r\n", "")
        assert f"Page {rank}/{len(pages)}" in said
        assert "LEVEQUE ALICE" in said
        assert CABINET.nom in said


def test_the_code_of_a_prescription_stands_beside_that_of_the_identity_each_with_its_name() -> None:
    pdf = print_sheet(replace(PAPIER, ins=INS, qr="https://exemple.test/e/1", qr_libelle="Ordonnance"), [])

    assert {symbol.texte for symbol in read_symbols(pdf)} >= {"https://exemple.test/e/1"}
    assert len(read_symbols(pdf)) == 2
    assert "Ordonnance" in text_of(pdf)


def test_the_signer_is_named_at_the_end() -> None:
    assert text_of(print_sheet(PAPIER, [Paragraphe("Vu ce jour.")])).rindex(
        f"{MEDECIN.prenom} {MEDECIN.nom}"
    ) > text_of(print_sheet(PAPIER, [Paragraphe("Vu ce jour.")])).index("Vu ce jour.")


@pytest.mark.parametrize("volet", VOLETS, ids=lambda volet: volet.name)
def test_the_narrative_of_a_document_is_on_paper(volet: Volet) -> None:
    for document in draw(volet, 4):
        blocs = blocks_of(etree.fromstring(document))
        pdf = print_sheet(PAPIER, blocs)

        assert check_pdfa(pdf) == []
        flat = "".join(text_of(pdf).split())
        titles = [drawable(bloc.texte)[0] for bloc in blocs if isinstance(bloc, Titre)]
        assert all("".join(title.split())[:20] in flat for title in titles)


WIDE = Tableau(tuple(f"Titre {rank}" for rank in range(30)), ((Case("a"),) * 30, (Case("b", 100),)))


@pytest.mark.parametrize(
    "blocs",
    [
        [],
        [WIDE],
        [Tableau((), ((Case("x" * 4000),),))],
        [Tableau(("A", "B"), ((Case("ligne\n" * 200), Case("")),))],
        [Tableau(("A", "B"), ((Case("seule", 2),), (Case("courte"),)))],
        [Liste(("un", "deux\ntrois"), numerotee=True)],
        [Paragraphe("😀 中文 " * 50), Tableau(("A", "😀 b"), ((Case("1 😀 2"), Case("中")),))],
        [Figure(b"pas une image", "Courbe")],
        [Titre("Titre " * 60)],
    ],
)
def test_whatever_has_to_be_printed_is(blocs: list[Bloc]) -> None:
    assert check_pdfa(print_sheet(PAPIER, blocs)) == []


def test_a_transparent_image_is_printed_on_white() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (40, 20), (200, 0, 0, 90)).save(out, "PNG")

    assert check_pdfa(print_sheet(PAPIER, [Figure(out.getvalue(), "Courbe")])) == []


def test_a_text_without_end_is_refused() -> None:
    with pytest.raises(RefusedInput, match="pages"):
        print_sheet(PAPIER, [Paragraphe("Une ligne.")] * 500, LimitesPdf(max_pages=3))


def test_a_sheet_has_a_title() -> None:
    with pytest.raises(InvalidValue):
        replace(PAPIER, titre=" ")


@pytest.mark.java
def test_an_independent_validator_accepts_what_we_print(
    preflight: Callable[[dict[str, bytes]], dict[str, str]],
) -> None:
    sheets = {
        "qualifie.pdf": print_sheet(replace(PAPIER, ins=INS, qr="https://exemple.test/e/1"), [Paragraphe("Texte")]),
        "tableaux.pdf": print_sheet(PAPIER, [WIDE, Tableau(("A",), ((Case("b"),),)), Liste(("un",)), Titre("T")]),
    }

    assert preflight(sheets) == dict.fromkeys(sheets, "valide")


def test_a_long_text_in_a_narrow_column_is_printed_too() -> None:
    words = "Résultat transmis au clinicien par téléphone. " * 25
    table = Tableau(tuple("ABCDEFGH"), ((Case("court"),) * 7 + (Case(words),),))

    assert "clinicien" in text_of(print_sheet(PAPIER, [table]))
