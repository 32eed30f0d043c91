"""Sixty files and more, as people really send them: the five formats, the odd ones and the hostile ones too."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from typing import Any

import pikepdf
from fpdf import FPDF
from pikepdf import Array, Dictionary, Name, Stream
from PIL import Image, ImageCms


def lot(fabrique: Any) -> dict[str, bytes]:
    """Every source by its name."""
    found = dict(_texts())
    found |= dict(_rtf(fabrique))
    found |= dict(_jpegs(fabrique))
    found |= dict(_tiffs(fabrique))
    found |= dict(_pdfs(fabrique))
    return found


def _texts() -> Iterator[tuple[str, bytes]]:
    words = "Été : « œuvre » à 37,5 °C — 12 µg/L\n"
    yield "texte utf-8", words.encode()
    yield "texte utf-8 avec BOM", words.encode("utf-8-sig")
    yield "texte utf-16", words.encode("utf-16")
    yield "texte windows-1252", words.encode("cp1252")
    yield "texte iso-8859-15", "Prix : 5 €, cœur\n".encode("iso-8859-15")
    yield "texte fins de ligne de Windows", words.replace("\n", "\r\n").encode() * 5
    yield "texte fins de ligne de vieux Mac", words.replace("\n", "\r").encode() * 5
    yield "texte long", words.encode() * 400
    yield "texte d’une ligne sans fin", b"a" * 20_000
    yield "texte avec tabulations et sauts de page", b"a\tb\tc\n\x0cd\te\n"
    yield "texte grec et cyrillique", "Ωμέγα, Привет\n".encode()
    yield "texte arabe, chinois, emoji", "مرحبا 中文 😀\n".encode()
    yield "texte d’une lettre", b"x"
    yield "texte qui ressemble à du balisage", b"Bonjour <script>alert(1)</script>\n%PDF\n"


def _rtf(fabrique: Any) -> Iterator[tuple[str, bytes]]:
    yield "rtf simple", rb"{\rtf1\ansi Compte rendu\par \'e9t\'e9}"
    yield "rtf unicode", rb"{\rtf1\ansi\uc1 \u8364? \u339?uvre \u233?t\u233?}"
    yield (
        "rtf avec polices et couleurs",
        (rb"{\rtf1\ansi{\fonttbl{\f0 Arial;}}{\colortbl;\red255\green0\blue0;}\f0\b gras\b0 \cf1 rouge\par}"),
    )
    yield "rtf avec tableau", rb"{\rtf1\trowd\cellx2000\cellx4000 a\cell b\cell\row\pard fin\par}"
    picture = fabrique.image(fabrique.picture("RGB", (40, 40)), "PNG").hex().encode()
    yield "rtf avec image", rb"{\rtf1 avant {\pict\pngblip\picw40\pich40 " + picture + rb"} apres}"
    yield "rtf avec objet", rb"{\rtf1 a{\object\objemb{\*\objclass Package}{\*\objdata 01050000}} b}"
    yield "rtf avec lien", rb'{\rtf1 {\field{\*\fldinst HYPERLINK "http://127.0.0.1:9/"}{\fldrslt ici}}}'
    yield "rtf avec champ dangereux", rb'{\rtf1 {\field{\*\fldinst DDEAUTO c:\\\\x "y"}{\fldrslt ici}}}'
    yield "rtf long", rb"{\rtf1 " + rb"Une ligne de compte rendu.\par " * 300 + rb"}"
    yield "rtf imbriqué", rb"{\rtf1 " + b"{" * 60 + b"fond" + b"}" * 60 + b"}"


def _jpegs(fabrique: Any) -> Iterator[tuple[str, bytes]]:
    for mode in ("L", "RGB", "CMYK"):
        yield f"jpeg {mode}", fabrique.image(fabrique.picture(mode), "JPEG")
    picture = fabrique.picture("RGB", (600, 400))
    yield "jpeg progressif", fabrique.image(picture, "JPEG", progressive=True)
    yield "jpeg très compressé", fabrique.image(picture, "JPEG", quality=1, subsampling=2)
    yield "jpeg sans sous-échantillonnage", fabrique.image(picture, "JPEG", quality=100, subsampling=0)
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    yield "jpeg avec profil", fabrique.image(picture, "JPEG", icc_profile=profile)
    exif = Image.Exif()
    exif[0x0112] = 6
    yield "jpeg couché", fabrique.image(picture, "JPEG", exif=exif)
    yield "jpeg avec commentaire", fabrique.image(picture, "JPEG", comment=b"<script>alert(1)</script>")
    yield "jpeg d’un pixel", fabrique.image(fabrique.picture("RGB", (1, 1)), "JPEG")
    yield "jpeg tout en longueur", fabrique.image(fabrique.picture("RGB", (3000, 12)), "JPEG")
    yield "jpeg de 300 points par pouce", fabrique.image(picture, "JPEG", dpi=(300, 300))


def _tiffs(fabrique: Any) -> Iterator[tuple[str, bytes]]:
    for mode in ("1", "L", "LA", "RGB", "RGBA", "P", "CMYK", "LAB", "I;16"):
        yield f"tiff {mode}", fabrique.image(fabrique.picture(mode), "TIFF")
    fax = fabrique.picture("1")
    for compression in ("group3", "group4", "packbits", "tiff_lzw", "tiff_adobe_deflate"):
        yield f"tiff {compression}", fabrique.image(fax, "TIFF", compression=compression)
    yield "tiff jpeg", fabrique.image(fabrique.picture("RGB"), "TIFF", compression="jpeg")
    pages = [fabrique.picture("1"), fabrique.picture("RGB", (300, 900)), fabrique.picture("L", (1169, 827))]
    yield "tiff de plusieurs pages", fabrique.image(pages[0], "TIFF", save_all=True, append_images=pages[1:])
    yield "tiff de fax", fabrique.image(fabrique.picture("1", (1728, 1100)), "TIFF", dpi=(204, 98))


def _pdfs(fabrique: Any) -> Iterator[tuple[str, bytes]]:
    yield "pdf ordinaire", fabrique.pdf()
    yield "pdf de vingt pages", fabrique.pdf(pages=20)
    yield "pdf actif", fabrique.with_everything_active()
    yield "pdf transparent", fabrique.with_transparency()
    for name, edit in _EDITS.items():
        yield f"pdf {name}", fabrique.edited(edit)
    yield "pdf linéarisé", _saved(fabrique, linearize=True)
    yield "pdf à objets compressés", _saved(fabrique, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    yield "pdf 2.0", _saved(fabrique, force_version="2.0")
    yield "pdf sans table", fabrique.pdf().replace(b"startxref", b"startxxxx")
    yield "pdf avec des restes", fabrique.pdf() + b"\n<script>alert(1)</script>"
    yield "pdf à polices standard", _standard_fonts()
    yield "pdf à images", _with_images(fabrique)


def _saved(fabrique: Any, **options: Any) -> bytes:
    with pikepdf.open(io.BytesIO(fabrique.pdf(pages=2))) as pdf, io.BytesIO() as out:
        pdf.save(out, **options)
        return out.getvalue()


def _standard_fonts() -> bytes:
    pdf = FPDF()
    pdf.add_page()
    for family in ("Helvetica", "Times", "Courier"):
        for style in ("", "B", "I"):
            pdf.set_font(family, style, 12)
            pdf.cell(0, 8, "Compte rendu, été, 12,5 g/L", new_x="LMARGIN", new_y="NEXT")
    return bytes(pdf.output())


def _with_images(fabrique: Any) -> bytes:
    pdf = FPDF()
    pdf.add_page()
    for rank, mode in enumerate(("L", "RGB", "RGBA", "CMYK")):
        pdf.image(fabrique.picture(mode, (200, 200)), 10 + 45 * rank, 10, 40)
    return bytes(pdf.output())


def _rotated(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].Rotate = 90
    pdf.pages[0].CropBox = Array([50, 50, 400, 500])


def _layered(pdf: pikepdf.Pdf) -> None:
    group = pdf.make_indirect(Dictionary(Type=Name.OCG, Name="Calque"))
    pdf.Root.OCProperties = Dictionary(OCGs=Array([group]), D=Dictionary(ON=Array([group])))


def _with_form(pdf: pikepdf.Pdf) -> None:
    field = pdf.make_indirect(
        Dictionary(
            Type=Name.Annot, Subtype=Name.Widget, FT=Name.Tx, T="nom", V="valeur", Rect=Array([50, 50, 200, 70])
        )
    )  # fmt: skip
    pdf.pages[0].Annots = Array([field])
    pdf.Root.AcroForm = Dictionary(Fields=Array([field]), NeedAppearances=True)


def _with_xfa(pdf: pikepdf.Pdf) -> None:
    _with_form(pdf)
    pdf.Root.AcroForm.XFA = Stream(pdf, b"<xdp:xdp xmlns:xdp='http://ns.adobe.com/xdp/'/>")


def _with_files(pdf: pikepdf.Pdf) -> None:
    pdf.attachments["a.exe"] = b"MZ"


def _with_notes(pdf: pikepdf.Pdf) -> None:
    note = Dictionary(Type=Name.Annot, Subtype=Name.Text, Rect=Array([10, 10, 30, 30]), Contents="Note")
    link = Dictionary(
        Type=Name.Annot, Subtype=Name.Link, Rect=Array([10, 40, 90, 60]),
        A=Dictionary(S=Name.URI, URI="http://127.0.0.1:9/"),
    )  # fmt: skip
    pdf.pages[0].Annots = Array([pdf.make_indirect(note), pdf.make_indirect(link)])


def _with_metadata(pdf: pikepdf.Pdf) -> None:
    pdf.docinfo["/Title"] = "Été œuvre"
    pdf.docinfo["/Custom"] = "x" * 5000
    with pdf.open_metadata() as metadata:
        metadata["dc:title"] = "Un autre titre"


def _huge(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].MediaBox = Array([0, 0, 14_000, 14_000])


def _tiny(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].MediaBox = Array([0, 0, 20, 20])


def _threaded(pdf: pikepdf.Pdf) -> None:
    pdf.Root.Threads = Array([])
    pdf.Root.PageMode = Name.FullScreen
    pdf.Root.ViewerPreferences = Dictionary(HideToolbar=True)


_EDITS: dict[str, Callable[[pikepdf.Pdf], None]] = {
    "tourné et rogné": _rotated,
    "à calques": _layered,
    "à formulaire": _with_form,
    "à formulaire XFA": _with_xfa,
    "à fichiers joints": _with_files,
    "à notes et liens": _with_notes,
    "à métadonnées contraires": _with_metadata,
    "d’une page immense": _huge,
    "d’une page minuscule": _tiny,
    "à fils et plein écran": _threaded,
}
