"""Messages that are broken or hostile before they say anything: Content-Type, MIME, XML, SOAP, WS-Addressing."""

from __future__ import annotations

import copy
import gc
import tracemalloc
from xml.sax.saxutils import quoteattr

import pytest
from lxml import etree

SOAP = "application/soap+xml; charset=utf-8"
HEADER, BODY = 0, 1
BOMB = (
    b'<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa">'
    + b"".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10 if n > 1 else "&a;" * 10}">'.encode() for n in range(1, 10))
    + b"]><a>&a9;</a>"
)
SOAP_ONE_ONE = "http://schemas.xmlsoap.org/soap/envelope/"


def message(atelier, outils, change=None, td="patients", body=None):
    """The bytes of a good TD0.2, once ``change`` has had its way with the envelope."""
    content = etree.fromstring(body or outils.demographics(outils.INS))
    envelope = atelier.envelope(outils.ACTIONS[td], content, atelier.vihf())
    if change:
        change(envelope, outils)
    return etree.tostring(envelope)


UNREADABLE = {
    "empty": (b"", "XML_MALFORMED", "xml.illisible"),
    "not XML": (b'{"a": 1}', "XML_MALFORMED", "xml.illisible"),
    "zeros": (b"\x00" * 64, "XML_ENCODING", "xml.codage"),
    "cut": (b"<a><b>", "XML_MALFORMED", "xml.illisible"),
    "two roots": (b"<a/><b/>", "XML_MALFORMED", "xml.illisible"),
    "undeclared prefix": (b"<x:a/>", "XML_MALFORMED", "xml.illisible"),
    "bytes that are no UTF-8": (b"<a>\xff\xfe\xfa</a>", "XML_MALFORMED", "xml.illisible"),
    "doctype": (b"<!DOCTYPE a><a/>", "XML_DOCTYPE", "xml.doctype"),
    "external entity": (
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><a>&x;</a>',
        "XML_DOCTYPE",
        "xml.doctype",
    ),
    "external parameter entity": (
        b'<!DOCTYPE a [<!ENTITY % x SYSTEM "http://127.0.0.1:9/x.dtd"> %x;]><a/>',
        "XML_DOCTYPE",
        "xml.doctype",
    ),
    "entity bomb": (BOMB, "XML_DOCTYPE", "xml.doctype"),
    "UTF-16": ("<a>é</a>".encode("utf-16"), "XML_ENCODING", "xml.codage"),
    "UTF-16 without a mark": ("<?xml version='1.0'?><a/>".encode("utf-16-le"), "XML_ENCODING", "xml.codage"),
    "UTF-16 that hides a doctype": (
        "<?xml version='1.0'?><!DOCTYPE a [<!ENTITY x 'y'>]><a b='&x;'/>".encode("utf-16-le"),
        "XML_ENCODING",
        "xml.codage",
    ),
    "UTF-32": ("<a/>".encode("utf-32"), "XML_ENCODING", "xml.codage"),
    "UTF-7 declared": (b"<?xml version='1.0' encoding='UTF-7'?><a/>", "XML_ENCODING", "xml.codage"),
    "too deep": (b"<a>" * 5000 + b"</a>" * 5000, "XML_TOO_DEEP", "xml.profondeur"),
    "a little too deep": (b"<a>" * 61 + b"</a>" * 61, "XML_TOO_DEEP", "xml.profondeur"),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_unreadable(atelier, refusee, name):
    data, code, rule = UNREADABLE[name]
    refusee(lambda: atelier.post("patients", data), code, rule)


@pytest.mark.parametrize(
    ("content_type", "code", "rule"),
    [
        ("", "CONTENT_TYPE", "message.type"),
        ("text/xml", "CONTENT_TYPE", "message.type"),
        ("application/xml; charset=utf-8", "CONTENT_TYPE", "message.type"),
        ("application/x-www-form-urlencoded", "CONTENT_TYPE", "message.type"),
        ("application/soap+xml; charset=utf-16", "XML_ENCODING", "xml.codage"),
        ("application/soap+xml; charset=iso-8859-1", "XML_ENCODING", "xml.codage"),
        ('application/soap+xml; action="urn:autre"', "ActionMismatch", "wsa.action_http"),
        ("multipart/related", "MIME_MALFORMED", "message.mime"),
        ('multipart/related; boundary="x"; type="application/xop+xml"', "MIME_MALFORMED", "message.mime"),
        ("multipart/form-data; boundary=x", "CONTENT_TYPE", "message.type"),
    ],
)
def test_content_types(atelier, outils, refusee, content_type, code, rule):
    data = message(atelier, outils)
    refusee(lambda: atelier.post("patients", data, content_type), code, rule)


def of_header(name):
    def change(envelope, outils):
        found = envelope[HEADER].find(f"{{{outils.WSA}}}{name}")
        envelope[HEADER].remove(found)

    return change


def set_header(name, value):
    def change(envelope, outils):
        envelope[HEADER].find(f"{{{outils.WSA}}}{name}").text = value

    return change


def twice(name):
    def change(envelope, outils):
        envelope[HEADER].append(copy.deepcopy(envelope[HEADER].find(f"{{{outils.WSA}}}{name}")))

    return change


def reply_to(name):
    def change(envelope, outils):
        xml = f'<a:{name} xmlns:a="{outils.WSA}"><a:Address>http://127.0.0.1:9/</a:Address></a:{name}>'
        for old in envelope[HEADER].findall(f"{{{outils.WSA}}}{name}"):
            envelope[HEADER].remove(old)
        envelope[HEADER].append(etree.fromstring(xml))

    return change


def obliged(envelope, outils):
    envelope[HEADER].append(
        etree.fromstring(f'<x:Autre xmlns:x="urn:x" xmlns:s="{outils.SOAP}" s:mustUnderstand="true"/>')
    )


def security(number):
    def change(envelope, outils):
        found = envelope[HEADER].find(f"{{{outils.WSSE}}}Security")
        if not number:
            envelope[HEADER].remove(found)
        else:
            envelope[HEADER].append(copy.deepcopy(found))
            for element in envelope[HEADER][-1].iter("{*}Assertion"):
                element.set("ID", "_autre")

    return change


def assertions(number):
    def change(envelope, outils):
        holder = envelope[HEADER].find(f"{{{outils.WSSE}}}Security")
        other = copy.deepcopy(holder[0])
        other.set("ID", "_autre")
        if number:
            holder.append(other)
        else:
            holder.remove(holder[0])

    return change


def same_id(envelope, outils):
    identifier = envelope.find(".//{*}Assertion").get("ID")
    envelope[BODY][0].append(etree.fromstring(f"<x xmlns='urn:x' ID={quoteattr(identifier)}/>"))


def swap(envelope, outils):
    envelope.append(envelope[HEADER])


def remove_child(index):
    def change(envelope, outils):
        envelope.remove(envelope[index])

    return change


def body_children(number):
    def change(envelope, outils):
        if number:
            envelope[BODY].append(copy.deepcopy(envelope[BODY][0]))
        else:
            envelope[BODY].remove(envelope[BODY][0])

    return change


def fault_body(envelope, outils):
    envelope[BODY].replace(envelope[BODY][0], etree.fromstring(f'<s:Fault xmlns:s="{outils.SOAP}"/>'))


STRUCTURE = "MESSAGE_STRUCTURE"
REQUIRED = "MessageAddressingHeaderRequired"
ENVELOPES = {
    "no header": (remove_child(HEADER), STRUCTURE, "soap.structure"),
    "no body": (remove_child(BODY), STRUCTURE, "soap.structure"),
    "header after body": (swap, STRUCTURE, "soap.structure"),
    "two bodies in one": (body_children(2), STRUCTURE, "soap.structure"),
    "empty body": (body_children(0), STRUCTURE, "soap.structure"),
    "a fault as a request": (fault_body, "ActionMismatch", "wsa.action_corps"),
    "a header to be understood": (obliged, "MustUnderstand", "soap.entete_inconnu"),
    "one ID twice": (same_id, "DUPLICATE_ID", "soap.identifiants"),
    "no action": (of_header("Action"), REQUIRED, "wsa.obligatoire"),
    "empty action": (set_header("Action", " "), REQUIRED, "wsa.obligatoire"),
    "two actions": (twice("Action"), REQUIRED, "wsa.obligatoire"),
    "no message id": (of_header("MessageID"), REQUIRED, "wsa.obligatoire"),
    "two message ids": (twice("MessageID"), REQUIRED, "wsa.obligatoire"),
    "a message id that is no urn": (set_header("MessageID", "m1"), "InvalidAddressingHeader", "wsa.message_id"),
    "unknown action": (set_header("Action", "urn:x"), "ActionNotSupported", "wsa.action"),
    "an answer to elsewhere": (reply_to("ReplyTo"), "OnlyAnonymousAddressSupported", "wsa.reponse"),
    "faults to elsewhere": (reply_to("FaultTo"), "OnlyAnonymousAddressSupported", "wsa.reponse"),
    "no security": (security(0), "InvalidSecurity", "vihf.absent"),
    "two securities": (security(2), "InvalidSecurity", "vihf.multiple"),
    "security without assertion": (assertions(0), "InvalidSecurity", "vihf.absent"),
    "two assertions": (assertions(2), "InvalidSecurity", "vihf.multiple"),
}


@pytest.mark.parametrize("name", ENVELOPES)
def test_envelopes(atelier, outils, refusee, name):
    change, code, rule = ENVELOPES[name]
    data = message(atelier, outils, change)
    refusee(lambda: atelier.post("patients", data), code, rule)


def test_soap_one_one(atelier, outils, refusee):
    data = message(atelier, outils).replace(outils.SOAP.encode(), SOAP_ONE_ONE.encode())
    refusee(lambda: atelier.post("patients", data), "VersionMismatch", "soap.version")


def test_no_envelope_at_all(atelier, outils, refusee):
    data = outils.demographics(outils.INS).encode()
    refusee(lambda: atelier.post("patients", data), "VersionMismatch", "soap.version")


@pytest.mark.parametrize("service", ["habilitations", "repository", "registry"])
def test_an_action_sent_to_another_address(atelier, outils, refusee, service):
    data = message(atelier, outils)
    refusee(lambda: atelier.post(service, data), "ActionNotSupported", "wsa.action")


def test_a_fault_names_the_request_it_answers(atelier, outils):
    data = message(atelier, outils, set_header("Action", "urn:x"))
    sent = etree.fromstring(data).findtext(".//{*}MessageID")
    assert outils.root_of(atelier.post("patients", data)).findtext(".//{*}RelatesTo") == sent


def test_a_plain_transaction_is_not_sent_in_parts(atelier, outils, refusee):
    body, content_type = outils.multipart(message(atelier, outils), {}, action=outils.ACTIONS["patients"])
    refusee(lambda: atelier.post("patients", body, content_type), "MTOM_UNEXPECTED", "message.mtom_exclu")


def test_a_lot_is_sent_in_parts(atelier, outils, refusee):
    lot = outils.Lot(en_ligne=True)
    body, _ = atelier.lot_message(lot, outils.Porteur())
    root = body.partition(b"\r\n\r\n")[2]
    root = root[: root.rindex(b"\r\n--")]
    answer = refusee(lambda: atelier.post("repository", root), "MTOM_REQUIRED", "message.mtom")
    assert answer.content_type.startswith("multipart/related")


def parts_of(content_type):
    return content_type.partition('boundary="')[2].partition('"')[0].encode()


def cut_in_the_middle(body, boundary):
    return body[: len(body) // 2]


def without_end(body, boundary):
    return body[: body.rindex(b"--" + boundary)]


def without_blank_line(body, boundary):
    return body.replace(b"\r\n\r\n", b"\r\n", 1)


def without_root(body, boundary):
    return body.replace(b"Content-ID: <root@lps>", b"Content-ID: <autre@lps>", 1)


def same_names(body, boundary):
    return body.replace(b"Content-ID: <Signature@lps>", b"Content-ID: <Document01@lps>")


def base64_transfer(body, boundary):
    return body.replace(b"Content-Transfer-Encoding: binary", b"Content-Transfer-Encoding: base64", 1)


def many_parts(body, boundary):
    extra = b"".join(b"--%s\r\nContent-ID: <%d@x>\r\n\r\nx\r\n" % (boundary, n) for n in range(5000))
    return body.replace(b"--" + boundary + b"--", extra + b"--" + boundary + b"--")


def long_header(body, boundary):
    return body.replace(b"Content-ID: <root@lps>", b"X-Long: " + b"a" * 200_000 + b"\r\nContent-ID: <root@lps>", 1)


@pytest.mark.parametrize(
    "change",
    [
        cut_in_the_middle,
        without_end,
        without_blank_line,
        without_root,
        same_names,
        base64_transfer,
        many_parts,
        long_header,
    ],
)
def test_broken_parts(atelier, outils, refusee, change):
    body, content_type = atelier.lot_message(outils.Lot(), outils.Porteur())
    broken = change(body, parts_of(content_type))
    refusee(lambda: atelier.post("repository", broken, content_type), "MIME_MALFORMED", "message.mime")


def test_hostile_messages_leave_no_memory_behind(atelier, outils):
    body, content_type = atelier.lot_message(outils.Lot(), outils.Porteur())
    boundary = parts_of(content_type)
    hostile = [("patients", data, SOAP) for data, _, _ in UNREADABLE.values()]
    hostile += [("patients", b"<a " + b" ".join(b'a%d="1"' % n for n in range(20_000)) + b"/>", SOAP)]
    hostile += [("repository", many_parts(body, boundary), content_type)]
    hostile += [("repository", cut_in_the_middle(body, boundary), content_type)]

    def round_of() -> None:
        for service, data, kind in hostile:
            assert outils.code_of(atelier.post(service, data, kind))

    round_of()
    gc.collect()
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        for _ in range(5):
            round_of()
        gc.collect()
        after, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert after - before < 200_000
    assert peak - before < 20_000_000
