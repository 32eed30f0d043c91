"""The format of a document (``formatCode``): by its model when it is structured, by its media type when it is not.

Source: ASS_A11-CorresModeleCDA-XdsFormatCode-CISIS (2026-02-10 and 2026-06-29), less what JDV_J60, the DMP's own
value set, does not hold: such a document goes as « modèle hors profils ».
"""

from __future__ import annotations

from collections.abc import Iterable

from opensegur.foundation.acteurs import Code
from opensegur.nomenclature import table

HORS_PROFILS = "urn:asipSante:modelesHorsProfils:2011"

_CI_SIS = "1.2.250.1.213.1.1.1."

_MODELES: dict[str, str] = {
    f"{_CI_SIS}2.1.1": "urn:asip:ci-sis:avk:2009",
    f"{_CI_SIS}2.1.2": "urn:asip:ci-sis:tap:2009",
    f"{_CI_SIS}2.1.3": "urn:asip:ci-sis:dci:2009",
    f"{_CI_SIS}2.1.4": "urn:asip:ci-sis:psc:2009",
    f"{_CI_SIS}2.1.5": "urn:asip:ci-sis:ppv:2009",
    f"{_CI_SIS}5.1": "urn:asip:ci-sis:cse-cs8:2017",
    f"{_CI_SIS}5.2": "urn:asip:ci-sis:cse-cs9:2017",
    f"{_CI_SIS}5.3": "urn:asip:ci-sis:cse-cs24:2017",
    f"{_CI_SIS}5.4": "urn:ans:ci-sis:cse-mde:2023",
    f"{_CI_SIS}8": "urn:asip:ci-sis:frcp:2011",
    f"{_CI_SIS}9": "urn:asip:ci-sis:idap:2011",
    f"{_CI_SIS}10": "urn:asip:ci-sis:cva:2017",
    f"{_CI_SIS}12.1": "urn:asip:ci-sis:obp-sap:2023",
    f"{_CI_SIS}12.2": "urn:asip:ci-sis:obp-snm:2023",
    f"{_CI_SIS}12.3": "urn:asip:ci-sis:obp-sne:2023",
    f"{_CI_SIS}12.4": "urn:asip:ci-sis:obp-scm:2023",
    f"{_CI_SIS}12.5": "urn:asip:ci-sis:obp-sem:2023",
    f"{_CI_SIS}13": "urn:asip:ci-sis:vsm:2012",
    f"{_CI_SIS}15": "urn:asip:ci-sis:aunv:2013",
    f"{_CI_SIS}16": "urn:asip:ci-sis:eunv:2013",
    f"{_CI_SIS}17": "urn:asip:ci-sis:sunv:2013",
    f"{_CI_SIS}18": "urn:asip:ci-sis:crrtn:2013",
    f"{_CI_SIS}20": "urn:asip:ci-sis:pps-paerpa:2017",
    f"{_CI_SIS}21": "urn:asip:ci-sis:ldl-ees:2017",
    f"{_CI_SIS}22": "urn:asip:ci-sis:dlu:2015",
    f"{_CI_SIS}23": "urn:asip:ci-sis:fludt:2017",
    f"{_CI_SIS}24": "urn:asip:ci-sis:fludr:2017",
    f"{_CI_SIS}25": "urn:asip:ci-sis:pavc:2016",
    f"{_CI_SIS}26": "urn:asip:ci-sis:pps-cancer:2017",
    f"{_CI_SIS}27": "urn:asip:ci-sis:d2lm-fin:2017",
    f"{_CI_SIS}28": "urn:asip:ci-sis:d2lm-fidd:2017",
    f"{_CI_SIS}29": "urn:asip:ci-sis:ldl-ses:2017",
    f"{_CI_SIS}30": "urn:asip:ci-sis:sdm-mr:2017",
    f"{_CI_SIS}32": "urn:asip:ci-sis:crgm:2018",
    f"{_CI_SIS}36": "urn:asip:ci-sis:hr:2019",
    f"{_CI_SIS}37": "urn:asip:ci-sis:vac:2019",
    f"{_CI_SIS}38": "urn:asip:ci-sis:tlm-da:2020",
    f"{_CI_SIS}39": "urn:ihe:pharm:pre:2010",
    f"{_CI_SIS}40": "urn:asip:ci-sis:cr-anest:2020",
    f"{_CI_SIS}41": "urn:asip:ci-sis:cr-cpa:2020",
    f"{_CI_SIS}42": "urn:ihe:eyecare:geneyeevalcn:2014",
    f"{_CI_SIS}43": "urn:ihe:eyecare:geneyeevalcn:2014",
    f"{_CI_SIS}44": "urn:ihe:eyecare:geneyeevalcn:2014",
    f"{_CI_SIS}45": "urn:ihe:rad:CDA:ImagingReportStructuredHeadings:2013",
    f"{_CI_SIS}46": "urn:asip:ci-sis:vac-note:2021",
    f"{_CI_SIS}47": "urn:ans:ci-sis:img-da:2022",
    f"{_CI_SIS}48": "urn:asip:ci-sis:dlu-dlu-dom:2022",
    f"{_CI_SIS}49": "urn:asip:ci-sis:dlu-fludt-dom:2022",
    f"{_CI_SIS}50": "urn:asip:ci-sis:dlu-fludr-dom:2022",
    f"{_CI_SIS}51": "urn:ihe:pcc:ips:2020",
    f"{_CI_SIS}52": "urn:ans:ci-sis:bio-ep-bio:2022",
    f"{_CI_SIS}54": "urn:ihe:pharm:dis:2010",
    f"{_CI_SIS}55": "urn:ihe:lab:xd-lab:2008",
    f"{_CI_SIS}56": "urn:asip:ci-sis:ppp:2023",
    f"{_CI_SIS}57": "urn:ihe:palm:apsr:2016",
    f"{_CI_SIS}58": "urn:asip:ci-sis:export-dui:2023",
    f"{_CI_SIS}59": "urn:ans:ci-sis:trod:2024",
    f"{_CI_SIS}61": "urn:asip:ci-sis:ft-su:2024",
    f"{_CI_SIS}62": "urn:asip:ci-sis:fr-su:2024",
    "1.3.6.1.4.1.19376.1.3.3": "urn:ihe:lab:xd-lab:2008",
}

_MEDIAS: dict[str, str] = {
    "application/pdf": "urn:ihe:iti:xds-sd:pdf:2008",
    "text/plain": "urn:ihe:iti:xds-sd:text:2008",
    "text/rtf": "urn:ihe:iti-fr:xds-sd:rtf:2010",
    "application/rtf": "urn:ihe:iti-fr:xds-sd:rtf:2010",
    "image/jpeg": "urn:ihe:iti-fr:xds-sd:jpeg:2010",
    "image/tiff": "urn:ihe:iti-fr:xds-sd:tiff:2010",
}


def format_of_model(template_ids: Iterable[str]) -> Code:
    """The format of a structured document by its ``templateId`` OIDs; the most specific, written last, wins."""
    found = [_MODELES[oid] for oid in template_ids if oid in _MODELES]
    return _format(found[-1] if found else HORS_PROFILS)


def format_of_media(media_type: str) -> Code:
    """The format of a document whose body is one file."""
    return _format(_MEDIAS.get(media_type.partition(";")[0].strip().lower(), HORS_PROFILS))


def _format(code: str) -> Code:
    known = table("JDV_J60")
    concept = known.get(code) or known.get(HORS_PROFILS)
    assert concept is not None, "JDV_J60 holds the format of what is outside the profiles"
    return Code(concept.code, concept.system, concept.label)
