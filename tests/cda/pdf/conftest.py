"""Files made on the spot, ordinary and hostile, and the second judge of PDF/A."""

from __future__ import annotations

import io
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from fpdf import FPDF
from pikepdf import Array, Dictionary, Name, Stream
from PIL import Image, ImageDraw

_JARS = ("pdfbox2", "preflight", "xmpbox", "fontbox2", "commons-logging", "javax.activation", "jaxb-api")
_JAVA = Path("/usr/share/java")


class Fabrique:
    """Makes source files; nothing of it comes from a real document."""

    @staticmethod
    def picture(mode: str = "RGB", size: tuple[int, int] = (827, 1169)) -> Image.Image:
        image = Image.new("RGB", size, "white")
        drawing = ImageDraw.Draw(image)
        drawing.rectangle((size[0] // 8, size[1] // 8, size[0] // 2, size[1] // 4), fill=(200, 30, 30))
        if mode == "I;16":
            return image.convert("L").convert("I").point(lambda value: value * 257).convert("I;16")
        return image.convert(mode)

    @staticmethod
    def image(image: Image.Image, kind: str, **options: object) -> bytes:
        with io.BytesIO() as stream:
            image.save(stream, kind, **options)
            return stream.getvalue()

    @staticmethod
    def pdf(text: str = "Compte rendu de consultation", pages: int = 1) -> bytes:
        """A PDF whose font is not embedded, as most programs write them."""
        document = FPDF()
        document.set_font("Helvetica", size=12)
        for _ in range(pages):
            document.add_page()
            document.cell(text=text)
        return bytes(document.output())

    def edited(self, edit: Callable[[pikepdf.Pdf], None], source: bytes | None = None, **options: object) -> bytes:
        with io.BytesIO(source or self.pdf()) as stream, pikepdf.open(stream) as pdf, io.BytesIO() as written:
            edit(pdf)
            pdf.save(written, **options)
            return written.getvalue()

    def with_everything_active(self, source: bytes | None = None) -> bytes:
        """A PDF with each kind of active content that we know."""

        def edit(pdf: pikepdf.Pdf) -> None:
            script = Dictionary(S=Name.JavaScript, JS="app.alert(1)")
            launch = Dictionary(S=Name.Launch, F="cmd.exe", Next=Dictionary(S=Name.JavaScript, JS="app.alert(2)"))
            pdf.Root.OpenAction = pdf.make_indirect(script)
            pdf.Root.AA = Dictionary(WC=Dictionary(S=Name.SubmitForm, F="https://exemple.invalid/"))
            pdf.attachments["piece.exe"] = b"MZ piece jointe"
            page = pdf.pages[0].obj
            page.AA = Dictionary(O=launch)
            link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]), A=launch)
            film = Dictionary(Type=Name.Annot, Subtype=Name.Movie, Rect=Array([0, 0, 9, 9]))
            field = Dictionary(
                Type=Name.Annot,
                Subtype=Name.Widget,
                FT=Name.Tx,
                T="nom",
                Rect=Array([0, 0, 9, 9]),
                AA=Dictionary(K=Dictionary(S=Name.JavaScript, JS="AFNumber()")),
            )
            widget = pdf.make_indirect(field)
            page.Annots = Array([pdf.make_indirect(link), pdf.make_indirect(film), widget])
            pdf.Root.AcroForm = Dictionary(Fields=Array([widget]), XFA=Stream(pdf, b"<xdp/>"))

        return self.edited(edit, source)

    def with_transparency(self, text: str = "Texte sous un voile") -> bytes:
        def edit(pdf: pikepdf.Pdf) -> None:
            page = pdf.pages[0]
            page.obj.Resources.ExtGState = Dictionary(Voile=Dictionary(Type=Name.ExtGState, ca=0.5))
            page.contents_add(b"q /Voile gs 1 0 0 rg 50 500 300 300 re f Q")

        return self.edited(edit, self.pdf(text))


@pytest.fixture(scope="session")
def fabrique() -> Fabrique:
    return Fabrique()


def _text_of(data: bytes) -> str:
    found = []
    with pypdfium2.PdfDocument(data) as pdf:
        for page in pdf:
            textpage = page.get_textpage()
            found.append(textpage.get_text_bounded())
            textpage.close()
            page.close()
    return "\n".join(found)


def _drawn(data: bytes, index: int = 0, scale: float = 1) -> Image.Image:
    with pypdfium2.PdfDocument(data) as pdf:
        page = pdf[index]
        bitmap = page.render(scale=scale)
        image = bitmap.to_pil().convert("RGB").copy()
        bitmap.close()
        page.close()
        return image


@pytest.fixture(scope="session")
def text_of() -> Callable[[bytes], str]:
    """The text that a reader can select."""
    return _text_of


@pytest.fixture(scope="session")
def drawn() -> Callable[..., Image.Image]:
    """A page as it is displayed."""
    return _drawn


@pytest.fixture(scope="session")
def preflight(tmp_path_factory: pytest.TempPathFactory) -> Callable[[dict[str, bytes]], dict[str, str]]:
    """Asks PDFBox Preflight, the second judge, about several files at once."""
    jars = [_JAVA / f"{name}.jar" for name in _JARS]
    if missing := [jar.name for jar in jars if not jar.is_file()]:
        reason = f"needs Debian's libpdfbox2-java and libjaxb-api-java: {missing}"
        if os.environ.get("OPENSEGUR_TOUT_EXIGER"):
            pytest.fail(reason)
        pytest.skip(reason)
    classes = tmp_path_factory.mktemp("classes")
    path = os.pathsep.join(map(str, [classes, *jars]))
    source = Path(__file__).parent / "java" / "Juge.java"
    subprocess.run(["javac", "-cp", path, "-d", str(classes), str(source)], check=True, timeout=120)

    def judge(files: dict[str, bytes]) -> dict[str, str]:
        folder = tmp_path_factory.mktemp("pdf")
        for name, data in files.items():
            (folder / name).write_bytes(data)
        done = subprocess.run(
            ["java", "-Djava.awt.headless=true", "-cp", path, "Juge", *(str(folder / name) for name in files)],
            check=True,
            timeout=300,
            capture_output=True,
            encoding="utf-8",
        )
        lines = (line.partition("\t") for line in done.stdout.splitlines())
        return {Path(name).name: verdict for name, _, verdict in lines}

    return judge
