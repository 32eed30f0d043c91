"""An image that illustrates a result (FR-Image-illustrative): a curve, a gel, a drawing."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field

from lxml import etree

from opensegur.cda.locate import child
from opensegur.cda.n3.ecriture import templates
from opensegur.cda.n3.recit import Redaction
from opensegur.cda.noeud import Noeud, node
from opensegur.cda.reading_types import read_file
from opensegur.foundation.errors import InvalidValue

_IMAGE = "1.2.250.1.213.1.1.3.103"
_SIGNATURES = {
    "image/png": (b"\x89PNG\r\n\x1a\n",),
    "image/jpeg": (b"\xff\xd8\xff",),
    "image/gif": (b"GIF87a", b"GIF89a"),
}


@dataclass(frozen=True, slots=True)
class Image:
    """A PNG, JPEG or GIF and what it shows."""

    type_mime: str
    data: bytes = field(repr=False)
    legende: str = ""

    def __post_init__(self) -> None:
        if not self.data.startswith(_SIGNATURES.get(self.type_mime, (b"\x00never",))):
            raise InvalidValue(
                "CDA_IMAGE",
                "Cette image n’est pas du format annoncé.",
                conseil="Donnez une image PNG, JPEG ou GIF, et son type exact.",
            )


def build_image(image: Image, redaction: Redaction) -> tuple[Noeud, Noeud]:
    """What the narrative shows of it, and its ``observationMedia``."""
    anchor = redaction.anchor("image")
    caption = node("caption", image.legende) if image.legende else None
    shown = node("renderMultiMedia", caption, referencedObject=anchor)
    content = Noeud(base64.b64encode(image.data).decode("ascii"))
    medium = node(
        "observationMedia",
        *templates("2.16.840.1.113883.10.12.304", _IMAGE),
        node("value", content, mediaType=image.type_mime, representation="B64"),
        classCode="OBS",
        moodCode="EVN",
        ID=anchor,
    )
    return shown, medium


def read_image(medium: etree._Element, captions: dict[str, str]) -> Image | None:
    """``captions``: those of the narrative, by the ID of the image."""
    file = read_file(child(medium, "value"))
    if file is None or file.illisible:
        return None
    # some announce a JPEG and carry a PNG: what the bytes are is what counts
    kind = next((name for name, begins in _SIGNATURES.items() if file.data.startswith(begins)), "")
    return Image(kind, file.data, captions.get(medium.get("ID", ""), "")) if kind else None
