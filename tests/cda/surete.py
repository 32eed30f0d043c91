"""What a page made from a document may hold: words and tables, no action, nothing from outside."""

from __future__ import annotations

import re
from html.parser import HTMLParser

ALLOWED = frozenset(
    re.findall(
        r"\w+",
        "article header section h1 h2 h3 h4 h5 h6 dl dt dd p span pre table caption thead tbody tfoot tr th td colgroup"
        " col ul ol li br sub sup small strong em a img figure figcaption details summary del ins",
    )
)
ALLOWED_ATTRIBUTES = frozenset(
    {"class", "id", "lang", "href", "src", "alt", "colspan", "rowspan", "data-cda-fichier"}
)


class Inspector(HTMLParser):
    """What a browser would see, element by element."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[tuple[str, str]] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {(name, value or "") for name, value in attrs}


def inspect(html: str) -> Inspector:
    inspector = Inspector()
    inspector.feed(html)
    return inspector


def assert_safe(html: str, file_url: str = "") -> None:
    seen = inspect(html)
    assert seen.tags <= ALLOWED
    assert {name for name, _ in seen.attributes} <= ALLOWED_ATTRIBUTES
    for name, value in seen.attributes:
        if name == "href":
            assert value.startswith("#cda-") or (file_url and value == file_url)
        if name == "src":
            assert re.match(r"data:image/(?:png|jpeg|gif);base64,[A-Za-z0-9+/=]*$", value)
        if name == "id":
            assert value.startswith("cda-")
