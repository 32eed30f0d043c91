"""The ``wsse:Security`` header: the assertions of who calls, and of the card that is there.

Source: WS-Security 1.0 (OASIS 200401); SEL-MP-043, authentication modes of INSi.
"""

from __future__ import annotations

from copy import deepcopy
from datetime import datetime

from lxml import etree

NS_SAML = "urn:oasis:names:tc:SAML:2.0:assertion"
NS_WSSE = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"


def build_security(*assertions: etree._Element) -> etree._Element:
    """The header block with ``assertions`` in this order: the professional's first, then the card's."""
    security = etree.Element(f"{{{NS_WSSE}}}Security", nsmap={"wsse": NS_WSSE})
    for assertion in assertions:
        security.append(deepcopy(assertion))
    return security


def instant(moment: datetime) -> str:
    """A moment in UTC as SAML writes it."""
    return moment.isoformat().replace("+00:00", "Z")
