"""Both judges on every road: pikepdf.pdfa inside the product, PDFBox Preflight outside it."""

from __future__ import annotations

import pytest

from cda.pdf.lot import lot
from opensegur.cda.pdf import Outils, check_pdfa, to_pdfa

pytestmark = pytest.mark.java


def test_every_output_satisfies_both_judges(fabrique, preflight):
    alone, found = Outils(), Outils.found()
    pages = [fabrique.picture("1"), fabrique.picture("RGB"), fabrique.picture("L", (1169, 827))]
    sources = {
        "texte": "Été : « œ » ☐ 中\n".encode() * 90,
        "rtf": rb"{\rtf1\ansi Compte rendu\par \'e9t\'e9}",
        "tiff-pages": fabrique.image(pages[0], "TIFF", save_all=True, append_images=pages[1:]),
        "pdf-ordinaire": fabrique.pdf(pages=2),
        "pdf-actif": fabrique.with_everything_active(),
        "pdf-transparent": fabrique.with_transparency(),
    }
    sources |= {f"jpeg-{mode}": fabrique.image(fabrique.picture(mode), "JPEG") for mode in ("L", "RGB", "CMYK")}
    sources |= {
        f"tiff-{mode}": fabrique.image(fabrique.picture(mode), "TIFF")
        for mode in ("1", "L", "LA", "RGB", "RGBA", "P", "CMYK", "LAB")
    }
    made = {f"{name}.pdf": to_pdfa(data, outils=found).data for name, data in sources.items()}
    made |= {f"{name}-seul.pdf": to_pdfa(data, outils=alone).data for name, data in sources.items() if "pdf" in name}
    made["repare.pdf"] = to_pdfa(fabrique.with_everything_active(made["texte.pdf"]), outils=alone).data
    assert {name for name, data in made.items() if check_pdfa(data)} == set()
    verdicts = preflight(made)
    assert {name: verdict for name, verdict in verdicts.items() if verdict != "valide"} == {}
    assert len(verdicts) == len(made)


def test_the_files_that_people_send_satisfy_both_judges_by_pip_alone(fabrique, preflight):
    sources = lot(fabrique)
    assert len(sources) >= 70
    assert {name.split()[0] for name in sources} == {"texte", "rtf", "jpeg", "tiff", "pdf"}
    made = {f"{rank:02}.pdf": to_pdfa(data, outils=Outils()).data for rank, data in enumerate(sources.values())}
    assert {name for name, data in made.items() if check_pdfa(data)} == set()
    verdicts = dict(zip(sources, preflight(made).values(), strict=True))
    assert {name: verdict for name, verdict in verdicts.items() if verdict != "valide"} == {}


@pytest.mark.fixtures
def test_both_judges_agree_on_the_official_samples(official, preflight):
    files = {path.name: path.read_bytes() for path in sorted((official / "mssante/pdf").glob("*.pdf"))}
    ours = {name: not check_pdfa(data) for name, data in files.items()}
    theirs = {name: verdict == "valide" for name, verdict in preflight(files).items()}
    assert ours == theirs
    converted = {name: to_pdfa(data, outils=outils).data for name, data in files.items() for outils in (Outils(),)}
    assert set(preflight(converted).values()) == {"valide"}
