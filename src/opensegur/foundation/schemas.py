"""The published XML schemas of the national services, compiled once, without a network.

Their files lie in ``foundation/schemas``. Every import, even one that names an absolute URL, is answered with the
file of the same name in the schema's own folder; anything else is refused.
"""

from __future__ import annotations

import re
import threading
from copy import deepcopy
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from lxml import etree

from opensegur.foundation.errors import ConfigurationError, OpenSegurError
from opensegur.foundation.findings import Finding

_FILES = {
    "xds": "xds/XDS.b_DocumentRepository.xsd",
    "saml": "saml/saml-schema-assertion-2.0.xsd",
    "soap": "soap/soap-envelope-1.2.xsd",
    "wsa": "insi/xsd/ws-addr.xsd",
    "insi/recsans": "insi/xsd/ServiceIdentiteCertifiee/INSi_RECSANS_INS.xsd",
    "insi/recvitale": "insi/xsd/ServiceIdentiteCertifiee/INSi_RECVITALE_INS.xsd",
    "insi/resultat": "insi/xsd/ServiceIdentiteCertifiee/INSi_RESULTAT_INS.xsd",
    "insi/contexte-bam": "insi/xsd/CTX/ROOT_ctxbam_CTXBAM_V01_02.xsd",
    "insi/contexte-lps": "insi/xsd/CTX/ROOT_ctxlps_CTXLPS_V01_00.xsd",
    "insi/fault": "insi/xsd/schema_faultSOAP_V01_01.xsd",
}
NAMES = tuple(_FILES)
"""The names that ``load_schema`` knows."""

_XOP_INCLUDE = "{http://www.w3.org/2004/08/xop/include}Include"
_BASE = "opensegur://schemas/"
_MAX_FINDINGS = 100

# libxml2's words hold the offending value, which may be a patient's: only names and expectations are kept
_NAMES_IN_MESSAGE = re.compile(r"^Element '([^']+)'(?:, attribute '([^']+)')?")
_EXPECTED = re.compile(r"Expected is(?: one of)? \( (.+) \)")
_MISSING_ATTRIBUTE = re.compile(r"The attribute '([^']+)' is required")
_NAMESPACE = re.compile(r"\{[^}]*\}")

_SENTENCES = {
    "SCHEMAV_ELEMENT_CONTENT": "L’élément {name} manque d’un contenu ou n’est pas attendu à cette place",
    "SCHEMAV_CVC_ELT_1": "L’élément {name} n’est pas déclaré par ce schéma",
    "SCHEMAV_CVC_COMPLEX_TYPE_3_2_1": "L’attribut {attribute} de {name} n’est pas admis",
    "SCHEMAV_CVC_COMPLEX_TYPE_3_2_2": "L’attribut {attribute} de {name} n’est pas admis",
    "SCHEMAV_CVC_COMPLEX_TYPE_4": "Un attribut obligatoire de {name} est absent",
    "SCHEMAV_CVC_COMPLEX_TYPE_2_1": "L’élément {name} doit être vide",
    "SCHEMAV_CVC_COMPLEX_TYPE_2_3": "L’élément {name} ne peut pas contenir de texte",
    "SCHEMAV_CVC_IDC": "Une valeur de {name} qui doit être unique, ou renvoyer à une autre, ne le fait pas",
}
_DEFAULT_SENTENCE = "La valeur de {name} n’a pas la forme attendue"


class Schema:
    """One compiled schema, shared by all threads. Get it from ``load_schema``."""

    def __init__(self, name: str, compiled: etree.XMLSchema) -> None:
        self.name = name
        self._compiled = compiled
        self._lock = threading.Lock()  # the error log belongs to the compiled schema, not to the call

    def findings(self, element: etree._Element) -> list[Finding]:
        """What makes ``element`` (with its descendants) invalid; empty when it is valid.

        ``path`` is an XPath with the document's own prefixes. No finding repeats a value of the message. Content
        that a ``xop:Include`` stands for is taken as present (XOP 1.0 §2: schemas describe the original infoset).
        """
        if element.find(f".//{_XOP_INCLUDE}") is not None:
            element = deepcopy(element)
            for include in list(element.iter(_XOP_INCLUDE)):
                if (parent := include.getparent()) is not None:
                    parent.remove(include)
        with self._lock:
            if self._compiled.validate(element):
                return []
            errors = list(self._compiled.error_log)[:_MAX_FINDINGS]
        return [self._finding(error) for error in errors if not _is_foreign_type(error)]

    def _finding(self, error: Any) -> Finding:
        names = _NAMES_IN_MESSAGE.match(error.message)
        name, attribute = (_local(part or "") for part in names.groups()) if names else ("", "")
        sentence = _SENTENCES.get(error.type_name, _DEFAULT_SENTENCE)
        if attribute and sentence is _DEFAULT_SENTENCE:
            sentence = "La valeur de l’attribut {attribute} de {name} n’a pas la forme attendue"
        return Finding(
            rule=f"XSD/{error.type_name.removeprefix('SCHEMAV_')}",
            message=sentence.format(name=name, attribute=attribute) + ".",
            path=error.path or "",
            repair=_repair(error.message),
            source=_FILES[self.name],
        )


@cache
def load_schema(name: str) -> Schema:
    """The schema called ``name`` (one of ``NAMES``), compiled at the first call.

    Raises ``ConfigurationError`` for an unknown name or an installation whose schemas are damaged.
    """
    if name not in _FILES:
        raise ConfigurationError(
            "SCHEMA_UNKNOWN", f"Aucun schéma XML ne porte le nom « {name} ».", detail=f"known: {', '.join(NAMES)}"
        )
    parser = etree.XMLParser(no_network=True, load_dtd=False, resolve_entities=False)
    path = _FILES[name]
    parser.resolvers.add(_LocalOnly(path.rpartition("/")[0]))
    try:
        document = etree.fromstring(_file(path).read_bytes(), parser, base_url=_BASE + path)
        return Schema(name, etree.XMLSchema(document))
    except (OSError, etree.LxmlError) as error:
        raise ConfigurationError(
            "SCHEMA_DAMAGED",
            "Les schémas XML de l’installation sont incomplets ou abîmés.",
            conseil="Réinstallez OpenSégur.",
            detail=f"{path}: {error}"[:300],
        ) from error


class _LocalOnly(etree.Resolver):
    """Answers a relative import from its place, an absolute one from ``folder``; refuses everything else."""

    def __init__(self, folder: str) -> None:
        super().__init__()
        self._folder = folder

    def resolve(self, system_url: str | None, public_id: str | None, context: Any) -> Any:  # noqa: ARG002
        url = system_url or ""
        path = url.removeprefix(_BASE) if url.startswith(_BASE) else f"{self._folder}/{url.rpartition('/')[2]}"
        content = _file(path)
        if ".." in path or not content.is_file():
            raise _ImportRefused(
                "SCHEMA_IMPORT", "Un schéma XML en importe un autre qui n’est pas installé.", detail=url
            )
        return self.resolve_string(content.read_bytes(), context, base_url=_BASE + path)


class _ImportRefused(OpenSegurError):
    pass


def _file(path: str) -> Traversable:
    return files("opensegur.foundation").joinpath("schemas", *path.split("/"))


def _is_foreign_type(error: Any) -> bool:
    # HL7 V3 values inside a VIHF or a SOAP body name their data type, which these schemas do not know
    return bool(error.type_name == "SCHEMAV_CVC_ELT_4_2" and error.message.startswith("Element '{urn:hl7-org:v3}"))


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def _repair(message: str) -> str:
    if expected := _EXPECTED.search(message):
        return f"Attendu : {_NAMESPACE.sub('', expected.group(1)).replace('##other{*}*', 'un élément d’extension')}."
    if missing := _MISSING_ATTRIBUTE.search(message):
        return f"Ajoutez l’attribut {missing.group(1)}."
    return ""
