"""The symbol: ISO/IEC 16022 ECC 200, square, with its quiet zone. Drawn by zxing-cpp."""

from __future__ import annotations

import io
import re
from functools import cache

import numpy as np
import zxingcpp
from PIL import Image

from opensegur.foundation.errors import InvalidValue

QUIET = 2
"""Modules left white on each side: the standard asks for one, scanners like two."""


def symbol_modules(payload: str) -> Image.Image:
    """The bare symbol, one pixel a module, black on white, without its quiet zone.

    Raises ``InvalidValue`` (DATAMATRIX_LONG) when the payload does not fit in a symbol.
    """
    try:
        barcode = zxingcpp.create_barcode(payload, zxingcpp.DataMatrix, force_square=True)
        bitmap = barcode.to_image(scale=1, add_quiet_zones=False)
    except (ValueError, RuntimeError) as error:
        raise InvalidValue(
            "DATAMATRIX_LONG",
            "L’identité est trop longue pour tenir dans un code.",
            conseil="Vérifiez la longueur du nom et des prénoms.",
        ) from error
    return Image.fromarray(bitmap)


def to_svg(payload: str) -> str:
    """The symbol as a scalable drawing: one stroke a row, one unit a module, its quiet zone included."""
    modules = np.asarray(symbol_modules(payload)) == 0
    high, wide = modules.shape
    strokes = _strokes()
    path = []
    for row, line in enumerate(np.packbits(modules, axis=1).tolist()):
        path.append(f"M0 {row}")
        path += [strokes[eight] for eight in line]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide + 2 * QUIET} {high + 2 * QUIET}"'
        f' shape-rendering="crispEdges"><rect width="100%" height="100%" fill="#fff"/>'
        f'<path transform="translate({QUIET} {QUIET}.5)" stroke="#000" fill="none" d="{"".join(path)}"/></svg>'
    )


@cache
def _strokes() -> tuple[str, ...]:
    """For each row of eight modules (a byte), the pen that draws it and goes eight units to the right."""
    return tuple(
        "".join(
            f"h{run.end() - run.start()}" if run.group()[0] == "1" else f"m{run.end() - run.start()} 0"
            for run in re.finditer("0+|1+", f"{eight:08b}")
        )
        for eight in range(256)
    )


def to_image(payload: str, *, pixels: int = 4) -> Image.Image:
    """The symbol as a picture, ``pixels`` a module, its quiet zone included."""
    modules = symbol_modules(payload)
    width, height = modules.size
    framed = Image.new("L", (width + 2 * QUIET, height + 2 * QUIET), 255)
    framed.paste(modules, (QUIET, QUIET))
    return framed.resize((framed.width * pixels, framed.height * pixels), Image.Resampling.NEAREST)


def to_png(payload: str, *, pixels: int = 4) -> bytes:
    """The picture of ``to_image`` as a PNG file."""
    out = io.BytesIO()
    to_image(payload, pixels=pixels).save(out, format="PNG", optimize=True)
    return out.getvalue()
