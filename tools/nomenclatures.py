"""Build the shipped value sets from the published files, and say what changed.

Usage: python tools/nomenclatures.py FOLDER [--check]

FOLDER holds the published files as listed in _SOURCES (relative paths). With --check nothing is written and the
exit code is 1 when a table would change.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from opensegur.nomenclature.publies import read_svs
from opensegur.nomenclature.tables import Concept, Table, read_table, write_table

_DATA = Path(__file__).resolve().parent.parent / "src" / "opensegur" / "nomenclature" / "data"
_G16 = "1.2.250.1.71.1.2.8"
_NOS = "Agence du Numérique en Santé, NOS"

# Coding systems that the source names without their OID.
_SYSTEMS = {"(TRE_R276-FormeActivite)": "1.2.250.1.213.1.6.1.128"}


def _from_svs(path: Path) -> Table:
    return read_svs(path.read_bytes())


def _from_json(path: Path) -> Table:
    published = json.loads(path.read_text(encoding="utf-8"))
    concepts = tuple(
        Concept(
            concept["code"],
            _SYSTEMS.get(group["codeSystem"], group["codeSystem"]),
            concept["display"],
        )
        for group in published["groups"]
        for concept in group["concepts"]
    )
    return Table("", published["oid"], published["version"], _NOS, concepts)


def _from_association(path: Path) -> Table:
    """An association: the label of each concept is the code of its target."""
    published = json.loads(path.read_text(encoding="utf-8"))
    concepts = tuple(Concept(source, "", target) for source, target in published["map"].items())
    return Table("", published["oid"], published["version"], _NOS, concepts)


def _from_g15(path: Path) -> Table:
    """The professions; those closed since stay, because older documents name them."""
    rows = csv.DictReader(io.StringIO(path.read_text(encoding="utf-8")), delimiter="\t")
    concepts = tuple(Concept(row["code"], "1.2.250.1.71.1.2.7", row["display"]) for row in rows)
    return Table("", "1.2.250.1.71.1.2.7", path.stem.rpartition("_")[2], _NOS, concepts)


def _from_j65(path: Path) -> Table:
    """The DMP's roles, to which the students (G16) named in JDV_J01 are added: the VIHF takes them too."""
    rows = csv.DictReader(io.StringIO(path.read_text(encoding="utf-8")), delimiter="\t")
    concepts = tuple(Concept(row["code"], row["codeSystem"], row["displayName"]) for row in rows)
    specialties = _from_svs(path.parents[2] / "cda/jdv/JDV_J01_XdsAuthorSpecialty_CISIS.xml").concepts
    students = tuple(
        Concept(concept.code.removeprefix("G16_"), _G16, concept.label)
        for concept in specialties
        if concept.code.startswith("G16_") and "/" not in concept.code
    )
    return Table("", "", "20220729", f"{_NOS} (étudiants : G16 d’après JDV_J01)", concepts + students)


@dataclass(frozen=True)
class _Source:
    path: str
    read: Callable[[Path], Table]


_SOURCES = {
    "ASS_X16": _Source("dmp/valuesets/json/ASS_X16-CorrespondanceType-Classe-DMP.json", _from_association),
    "JDV_EncompassingEncounterCode": _Source("cda/jdv/JDV_EncompassingEncounterCode_CISIS.xml", _from_svs),
    "JDV_J01": _Source("cda/jdv/JDV_J01_XdsAuthorSpecialty_CISIS.xml", _from_svs),
    "JDV_J02": _Source("cda/jdv/JDV_J02_XdsHealthcareFacilityTypeCode_CISIS.xml", _from_svs),
    "JDV_J04": _Source("cda/jdv/JDV_J04_XdsPracticeSettingCode_CISIS.xml", _from_svs),
    "JDV_J07": _Source("cda/jdv/JDV_J07_XdsTypeCode_CISIS.xml", _from_svs),
    "JDV_J08": _Source("cda/jdv/JDV_J08_XdsConfidentialityCode_CISIS.xml", _from_svs),
    "JDV_J11": _Source("cda/jdv/JDV_J11_RelationPatient_CISIS.xml", _from_svs),
    "JDV_J140": _Source("cda/jdv/JDV_J140_EncounterParticipationType_CISIS.xml", _from_svs),
    "JDV_J141": _Source("cda/jdv/JDV_J141_RoleClass_CISIS.xml", _from_svs),
    "JDV_J142": _Source("cda/jdv/JDV_J142_TypeRencontre_CISIS.xml", _from_svs),
    "JDV_J143": _Source("cda/jdv/JDV_J143_AdministrativeGender_CISIS.xml", _from_svs),
    "JDV_J144": _Source("cda/jdv/JDV_J144_ParticipationType_CISIS.xml", _from_svs),
    "JDV_J197": _Source("cda/jdv/JDV_J197_XdsTypesIdentifiantsReferenceId_CISIS.xml", _from_svs),
    "JDV_J231": _Source("cda/jdv/JDV_J231_XdsTypesIdentifiantsReferenceId_DMP.xml", _from_svs),
    "JDV_J245": _Source("cda/jdv/JDV_J245_Civilite_CISIS.xml", _from_svs),
    "JDV_J246": _Source("cda/jdv/JDV_J246_Titre_CISIS.xml", _from_svs),
    "JDV_J47": _Source("cda/jdv/JDV_J47_FunctionCode_CISIS.xml", _from_svs),
    "JDV_J48": _Source("cda/jdv/JDV_J48_ProfessionNonPS_CISIS.xml", _from_svs),
    "JDV_J57": _Source("dmp/valuesets/json/JDV_J57-ClassCode-DMP.json", _from_json),
    "JDV_J58": _Source("dmp/valuesets/json/JDV_J58-ConfidentialityCode-DMP.json", _from_json),
    "JDV_J59": _Source("dmp/valuesets/json/JDV_J59-ContentTypeCode-DMP.json", _from_json),
    "JDV_J60": _Source("dmp/valuesets/json/JDV_J60-FormatCode-DMP.json", _from_json),
    "JDV_J62": _Source("dmp/valuesets/json/JDV_J62-PracticeSettingCode-DMP.json", _from_json),
    "JDV_J64": _Source("dmp/valuesets/json/JDV_J64-RestrictionAudienceVIHF-DMP.json", _from_json),
    "JDV_J65": _Source("annuaire/nos/JDV_J65-SubjectRole-DMP.tsv", _from_j65),
    "JDV_J66": _Source("dmp/valuesets/json/JDV_J66-TypeCode-DMP.json", _from_json),
    "TRE_A07": _Source("dmp/valuesets/json/TRE_A07-StatutVisibiliteDocument.json", _from_json),
    "TRE_G15": _Source("annuaire/nos/TRE_G15-ProfessionSante_20250328.tsv", _from_g15),
    "TRE_R248": _Source("dmp/valuesets/json/TRE_R248-ModeAcces.json", _from_json),
}

# the sets of the volets, that the published tree names alike
_SOURCES |= {
    f"JDV_{name.removesuffix('_ReferenceRangeAppliesTo')}": _Source(f"cda/jdv/JDV_{name}_CISIS.xml", _from_svs)
    for name in (
        "AbsentOrUnknownAllergy",
        "AbsentOrUnknownDevices",
        "AbsentOrUnknownImmunization",
        "AbsentOrUnknownMedication",
        "AbsentOrUnknownProblem",
        "AbsentOrUnknownProcedure",
        "BatterieExamen",
        "CompletudeDispensation",
        "HL7_ActSubstanceAdminSubstitutionCode",
        "HL7_ActSubstanceAdministrationImmunizationCode",
        "HL7_ConditionClinical",
        "HL7_ObservationInterpretation",
        "HL7_ObservationIntoleranceType",
        "HL7_ObservationMethod",
        "HL7_SpecimenType",
        "HL7_TimingEvent",
        "HL7_allergyintolerance_clinical",
        "HealthStatusCodes",
        "HumanSubstanceAdministrationSite",
        "ImmunizationApproachSiteCode",
        "ImmunizationRouteCodes",
        "J148_ReferenceRangeAppliesTo",
        "ModaliteEntree",
        "ProblemCodes",
        "RouteofAdministration",
        "SignesVitaux",
        "SocialHistoryCodes",
        "StatutDoc",
        "StatutGrossesse",
        "StatutTabagique",
        "TechniqueBiologie",
    )
}


def build(folder: Path) -> dict[str, Table]:
    """Every table, by name; a label that its source leaves to another set is taken there (J59 from J02)."""
    tables = {name: replace(source.read(folder / source.path), name=name) for name, source in _SOURCES.items()}
    facilities = tables["JDV_J02"]
    filled = tuple(
        concept if concept.label else replace(concept, label=facilities.label(concept.code))
        for concept in tables["JDV_J59"].concepts
    )
    tables["JDV_J59"] = replace(tables["JDV_J59"], concepts=filled)
    return tables


def differences(old: Table | None, new: Table) -> list[str]:
    """What changed from ``old`` to ``new``, one line each."""
    if old is None:
        return [f"{new.name}: new, {len(new)} concepts"]
    before = {(concept.code, concept.system): concept.label for concept in old.concepts}
    after = {(concept.code, concept.system): concept.label for concept in new.concepts}
    lines = [f"{new.name}: version {old.version} -> {new.version}"] if old.version != new.version else []
    lines += [f"{new.name}: + {code} {after[code, system]}" for code, system in after if (code, system) not in before]
    lines += [
        f"{new.name}: - {code} {before[code, system]}" for code, system in before if (code, system) not in after
    ]
    lines += [
        f"{new.name}: ~ {key[0]} {before[key]} -> {after[key]}"
        for key in after
        if key in before and before[key] != after[key]
    ]
    return lines


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("--check", action="store_true")
    options = arguments.parse_args()
    changed = False
    for name, table in build(options.folder).items():
        target = _DATA / f"{name}.tsv"
        text = write_table(table)
        old = target.read_text(encoding="utf-8") if target.is_file() else None
        if old == text:
            continue
        changed = True
        print("\n".join(differences(read_table(old) if old else None, read_table(text))))
        if not options.check:
            target.write_text(text, encoding="utf-8", newline="\n")
    return 1 if changed and options.check else 0


if __name__ == "__main__":
    sys.exit(main())
