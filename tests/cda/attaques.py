"""Documents made to harm whoever opens them, each with what has to become of it.

``REFUSED``: not read at all. ``DEFUSED``: read or refused, never obeyed.
"""

from __future__ import annotations

import base64
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from opensegur.cda.testing import sample_n1, sample_n3

SECRET = "secret-du-serveur-7f3a"
_NS = 'xmlns="urn:hl7-org:v3"'
_N1, _N3 = sample_n1().decode(), sample_n3().decode()
_DECLARATION = "<?xml version='1.0' encoding='UTF-8'?>"


@dataclass(frozen=True)
class Attaque:
    nom: str
    octets: bytes
    refusee: bool = False


def attaques(secret_file: str) -> Iterator[Attaque]:
    """``secret_file``: a file of the server, whose content is ``SECRET``."""
    yield from _prologs(secret_file)
    yield from _shapes()
    yield from _wrappers(secret_file)
    yield from _narratives()
    yield from _files()
    yield from _values()


def _with_prolog(prolog: str, body: str = _N1) -> str:
    return body.replace(_DECLARATION, _DECLARATION + prolog, 1)


def _prologs(secret_file: str) -> Iterator[Attaque]:
    lol = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    doctypes = {
        "billion laughs": f'<!DOCTYPE x [<!ENTITY l0 "lol">{lol}]>',
        "quadratic blowup": f'<!DOCTYPE x [<!ENTITY a "{"a" * 50_000}">]>',
        "external entity": f'<!DOCTYPE x [<!ENTITY x SYSTEM "file://{secret_file}">]>',
        "external entity over http": '<!DOCTYPE x [<!ENTITY x SYSTEM "http://127.0.0.1:9/x">]>',
        "parameter entity": f'<!DOCTYPE x [<!ENTITY % p SYSTEM "file://{secret_file}">%p;]>',
        "external subset": '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">',
        "public identifier": '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0//EN" "http://127.0.0.1:9/x.dtd">',
        "default attributes": '<!DOCTYPE ClinicalDocument [<!ATTLIST title style CDATA "x">]>',
        "notation": '<!DOCTYPE x [<!NOTATION n SYSTEM "calc.exe">]>',
        "empty doctype": "<!DOCTYPE x>",
        "doctype after a comment": "<!-- a --><!DOCTYPE x>",
        "doctype after an instruction": "<?a b?>\n<!DOCTYPE x>",
        "doctype in lower case": "<!doctype x>",
        "expansion in an attribute": '<!DOCTYPE x [<!ENTITY x "y">]>',
    }
    for nom, doctype in doctypes.items():
        yield Attaque(nom, _with_prolog(doctype).encode(), refusee=True)
    used = _N1.replace("<title>", "<title>&x;", 1)
    entity = f'<!DOCTYPE x [<!ENTITY x SYSTEM "file://{secret_file}">]>'
    yield Attaque("external entity that is used", _with_prolog(entity, used).encode(), refusee=True)
    yield Attaque("undeclared entity", used.encode(), refusee=True)
    bare = _N1.removeprefix(_DECLARATION)
    for codec in ("utf-16", "utf-16-le", "utf-32", "utf-7", "cp037"):
        for what, text in (("", bare), (" with a doctype", f"<!DOCTYPE x>{bare}")):
            # without its shifts, UTF-7 is ASCII: it is read as such, and shown in UTF-8
            refused = codec != "utf-7" or bool(what)
            yield Attaque(f"{codec}{what}", text.encode(codec), refusee=refused)
    yield Attaque("declared utf-7", _N1.replace("UTF-8", "UTF-7", 1).encode(), refusee=True)
    yield Attaque("declared ebcdic", _N1.replace("UTF-8", "CP037", 1).encode(), refusee=True)
    yield Attaque("byte order mark then doctype", b"\xef\xbb\xbf" + b"<!DOCTYPE x>" + bare.encode(), refusee=True)
    yield Attaque("not utf-8", _N1.encode().replace(b"<title>", b"<title>\xff\xfe", 1), refusee=True)


def _shapes() -> Iterator[Attaque]:
    yield Attaque("empty", b"", refusee=True)
    yield Attaque("nulls", b"\x00" * 4096, refusee=True)
    yield Attaque("a null inside", _N1.encode().replace(b"<title>", b"<title>\x00", 1), refusee=True)
    yield Attaque("control character", _N1.replace("<title>", "<title>&#1;", 1).encode(), refusee=True)
    yield Attaque("truncated", _N1.encode()[:-30], refusee=True)
    yield Attaque("very deep", f"<ClinicalDocument {_NS}>{'<a>' * 20_000}{'</a>' * 20_000}".encode(), refusee=True)
    yield Attaque("too large", b"<a>" + b" " * (31 * 1024 * 1024) + b"</a>", refusee=True)
    twice = _N1.replace("<title>", "<title x='1' x='2'>", 1)
    yield Attaque("the same attribute twice", twice.encode(), refusee=True)
    many = " ".join(f"a{n}='1'" for n in range(50_000))
    yield Attaque("very many attributes", _N1.replace("<title>", f"<title {many}>", 1).encode())
    spaces = " ".join(f"xmlns:n{n}='urn:{n}'" for n in range(20_000))
    yield Attaque("very many namespaces", _N1.replace("<title>", f"<title {spaces}>", 1).encode())
    yield Attaque("a name of a megabyte", f"<{'a' * 1_000_000}/>".encode(), refusee=True)
    yield Attaque("very many brothers", _N1.replace("<title>", "<x/>" * 100_000 + "<title>", 1).encode())
    millions = _N1.replace("<title>", "<x/>" * 2_000_000 + "<title>", 1)
    yield Attaque("millions of elements", millions.encode(), refusee=True)
    yield Attaque("unbound prefix", _N1.replace("<title>", "<zz:title/><title>", 1).encode(), refusee=True)
    yield Attaque("another namespace", _N1.replace("urn:hl7-org:v3", "urn:hl7-org:v4").encode(), refusee=True)


def _wrappers(secret_file: str) -> Iterator[Attaque]:
    document = _N1.removeprefix(_DECLARATION)
    xsl = 'xmlns:xsl="http://www.w3.org/1999/XSL/Transform" version="1.0"'
    sheets = {
        "document()": f"<xsl:template match='/'><xsl:copy-of select=\"document('{secret_file}')\"/></xsl:template>",
        "unparsed-text()": f"<xsl:template match='/'><xsl:value-of select=\"unparsed-text('{secret_file}')\"/></xsl:template>",
        "xsl:include": "<xsl:include href='http://127.0.0.1:9/x.xsl'/>",
        "xsl:import": f"<xsl:import href='file://{secret_file}'/>",
        "msxsl:script": "<msxsl:script xmlns:msxsl='urn:schemas-microsoft-com:xslt'>alert(1)</msxsl:script>",
        "php:function": "<xsl:template match='/'><xsl:value-of select=\"php:function('system','id')\" "
        "xmlns:php='http://php.net/xsl'/></xsl:template>",
        "exsl:document": f"<xsl:template match='/'><exsl:document href='{secret_file}.out' "
        "xmlns:exsl='http://exslt.org/common'/></xsl:template>",
        "a loop": "<xsl:template match='/' name='a'><xsl:call-template name='a'/></xsl:template>",
    }
    for nom, sheet in sheets.items():
        text = f"<xsl:stylesheet {xsl}>{sheet}{document}</xsl:stylesheet>"
        yield Attaque(f"style sheet with {nom}", text.encode())
    for target in ("http://127.0.0.1:9/x.xsl", f"file://{secret_file}", "#style"):
        instruction = f'<?xml-stylesheet type="text/xsl" href="{target}"?>'
        yield Attaque(f"style sheet at {target[:6]}", _with_prolog(instruction).encode())
    include = f'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" parse="text" href="file://{secret_file}"/>'
    yield Attaque("xinclude", _N1.replace("<title>", f"<title>{include}", 1).encode())
    hint = 'xmlns:s="http://www.w3.org/2001/XMLSchema-instance" s:schemaLocation="urn:hl7-org:v3 http://127.0.0.1:9/x.xsd"'
    yield Attaque("schema elsewhere", _N1.replace("<title>", f"<title {hint}>", 1).encode())
    yield Attaque("base elsewhere", _N1.replace("<title>", "<title xml:base='http://127.0.0.1:9/'>", 1).encode())
    yield Attaque("two documents", f"<a>{document}{document}</a>".encode(), refusee=True)
    inside = document.replace("<title>", f"{document}<title>", 1)
    yield Attaque("a document in a document", inside.encode(), refusee=True)
    yield Attaque("a document in a cdata", f"<a><![CDATA[{document}]]></a>".encode(), refusee=True)
    signed = f"<Signature xmlns='http://www.w3.org/2000/09/xmldsig#'><Object>{document}</Object></Signature>"
    yield Attaque("a signature that signs nothing", signed.encode())


def narrative(text: str) -> bytes:
    """The structured sample with another narrative in its first section."""
    start, end = _N3.index("<text><table>"), _N3.index("</text>") + len("</text>")
    return (_N3[:start] + f"<text>{text}</text>" + _N3[end:]).encode()


def _narratives() -> Iterator[Attaque]:
    svg = "http://www.w3.org/2000/svg"
    html = "http://www.w3.org/1999/xhtml"
    links = (
        "javascript:alert(1)", "JaVaScRiPt:alert(1)", " javascript:alert(1)", "java&#10;script:alert(1)", "vbscript:x",
        "data:text/html,&lt;script&gt;alert(1)&lt;/script&gt;", "file:///etc/passwd", "//127.0.0.1:9/x", "\\\\hote\\part",
        "#&quot; onclick=&quot;alert(1)", "blob:x", "view-source:javascript:x",
    )  # fmt: skip
    texts = {
        **{f"link {link[:24]}": f'<linkHtml href="{link}">a</linkHtml>' for link in links},
        "script": f"<script xmlns='{html}'>alert(1)</script>",
        "script in the namespace of CDA": "<script>alert(1)</script>",
        "script in a caption": "<table><caption><script>alert(1)</script></caption></table>",
        "event": "<paragraph onclick='alert(1)'>a</paragraph>",
        "style": "<paragraph style='background:url(http://127.0.0.1:9/x)'>a</paragraph>",
        "style element": f"<style xmlns='{html}'>@import 'http://127.0.0.1:9/x.css'</style>",
        "style code": "<content styleCode='Bold&quot; onmouseover=&quot;alert(1)'>a</content>",
        "style code with an expression": "<content styleCode='xpression(alert(1))'>a</content>",
        "id": "<content ID='x&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;'>a</content>",
        "frame": "<iframe src='http://127.0.0.1:9/'>a</iframe>",
        "object": "<object data='http://127.0.0.1:9/x.swf'>a</object>",
        "embed": "<embed src='http://127.0.0.1:9/x.swf'/>",
        "form": "<form action='http://127.0.0.1:9/'><input name='a'/></form>",
        "refresh": "<meta http-equiv='refresh' content='0;url=http://127.0.0.1:9/'/>",
        "base": "<base href='http://127.0.0.1:9/'/>",
        "link element": "<link rel='stylesheet' href='http://127.0.0.1:9/x.css'/>",
        "image": "<img src='x' onerror='alert(1)'/>",
        "svg": f"<svg xmlns='{svg}' onload='alert(1)'><script>alert(1)</script></svg>",
        "mathml": "<math xmlns='http://www.w3.org/1998/Math/MathML'><maction actiontype='statusline'/></math>",
        "cdata": "<paragraph><![CDATA[<img src=x onerror=alert(1)>]]></paragraph>",
        "comment": "<paragraph>a<!-- --!><script>alert(1)</script> -->b</paragraph>",
        "instruction": "<paragraph><?php system('id') ?></paragraph>",
        "medium elsewhere": "<renderMultiMedia referencedObject='http://127.0.0.1:9/a.png'/>",
        "medium named thousands of times": "<renderMultiMedia referencedObject='img1'/>" * 5000,
        "spans": "<table><tbody><tr><td colspan='999999999' rowspan='-1'>a</td></tr></tbody></table>",
        "columns": f"<table><colgroup span='1000000'/><tbody><tr>{'<td>a</td>' * 20_000}</tr></tbody></table>",
        "nested tables": "<table><tbody><tr><td>" * 25 + "a" + "</td></tr></tbody></table>" * 25,
        "nested lists": "<list><item>" * 50 + "a" + "</item></list>" * 50,
        "nested contents": "<content>" * 100 + "a" + "</content>" * 100,
        "misplaced cells": "<td>a</td><tr/><item/><caption/>",
        "bidirectional overrides": "<paragraph>\u202egnp.exe\u2066a\u2069</paragraph>",
        "a word of a megabyte": f"<paragraph>{'a' * 1_000_000}</paragraph>",
    }  # fmt: skip
    for nom, text in texts.items():
        yield Attaque(f"narrative: {nom}", narrative(text))


def _files() -> Iterator[Attaque]:
    start, end = _N1.index(">", _N1.index("<text ")) + 1, _N1.rindex("</text>")
    bombs = zlib.compress(b"\x00" * 20_000_000, 9)
    bodies = {
        "twenty megabytes": base64.b64encode(b"a" * 20_000_000).decode(),
        "not base64": "@@@@",
        "padding everywhere": "YQ==" * 1000,
        "base64 with an element": "YQ==<x/>YQ==",
        "nothing": "",
    }
    for nom, body in bodies.items():
        yield Attaque(f"body: {nom}", (_N1[:start] + body + _N1[end:]).encode())
    kinds = {
        "html": ("text/html", b"<script>alert(1)</script>"),
        "svg": ("image/svg+xml", b"<svg onload='alert(1)'/>"),
        "xml": ("text/xml", b"<!DOCTYPE x [<!ENTITY a 'b'>]><x/>"),
        "html called pdf": ("application/pdf", b"<script>alert(1)</script>"),
        "program called pdf": ("application/pdf", b"MZ\x90\x00" + bytes(100)),
        "pdf that says nothing": ("application/pdf", b"%PDF-1.4\n"),
        "pdf that opens a page": (
            "application/pdf",
            b"%PDF-1.4\n1 0 obj<</OpenAction<</S/URI/URI(http://127.0.0.1:9/)>>>>endobj\ntrailer<</Root 1 0 R>>",
        ),
        "pdf bomb": (
            "application/pdf",
            b"%%PDF-1.4\n1 0 obj<</Filter/FlateDecode/Length %d>>stream\n%s\nendstream endobj" % (len(bombs), bombs),
        ),
        "rtf with an object": ("text/rtf", b"{\\rtf1{\\object\\objdata 0105}}"),
        "text with markup": ("text/plain", b"<script>alert(1)</script>"),
        "unknown type": ("application/x-msdownload", b"MZ"),
        "type with markup": ("a&quot;&gt;&lt;script&gt;", b"a"),
    }
    for nom, (media, data) in kinds.items():
        document = _N1[:start].replace('mediaType="text/plain"', f'mediaType="{media}"')
        yield Attaque(f"body: {nom}", (document + base64.b64encode(data).decode() + _N1[end:]).encode())
    zipped = _N1.replace('representation="B64"', 'representation="B64" compression="DF"', 1)
    yield Attaque("body: compressed", zipped.encode())
    for nom, data in (("svg called png", b"<svg onload='alert(1)'/>"), ("png bomb", _png_bomb()), ("nothing", b"")):
        a, b = _N3.index('mediaType="image/png" representation="B64">'), _N3.index("</value>")
        head = _N3[: a + len('mediaType="image/png" representation="B64">')]
        yield Attaque(f"image: {nom}", (head + base64.b64encode(data).decode() + _N3[b:]).encode())


def _png_bomb() -> bytes:
    """A header that announces sixty thousand pixels by sixty thousand."""
    header = b"IHDR" + (60_000).to_bytes(4, "big") * 2 + b"\x08\x06\x00\x00\x00"
    return b"\x89PNG\r\n\x1a\n" + (13).to_bytes(4, "big") + header + zlib.crc32(header).to_bytes(4, "big")


def _values() -> Iterator[Attaque]:
    script = "&lt;script&gt;alert(1)&lt;/script&gt;"
    changes = {
        "title": ("<title>", f"<title>{script}"),
        "family name": ("<family", f"<family qualifier='BR'>{script}</family><family"),
        "label": ("<title>", f"<x displayName='\"&gt;{script}'/><title>"),
        "identifier that climbs": ('<setId root="', '<setId extension="../../etc/passwd" root="'),
        "identifier with a line": ('<setId root="', '<setId extension="a&#10;Set-Cookie: x=1" root="'),
        "version": ('<versionNumber value="1"', f'<versionNumber value="{"9" * 5000}"'),
        "version that is none": ('<versionNumber value="1"', '<versionNumber value="1e999"'),
        "time": ("<effectiveTime value=", "<effectiveTime nullFlavor='X' x="),
        "telecom": ("<telecom ", f"<telecom value='javascript:alert(1)//{script}'/><telecom "),
        "negative zone": ("+0100", "-9999"),
    }
    for nom, (old, new) in changes.items():
        yield Attaque(f"value: {nom}", _N1.replace(old, new, 1).encode())
