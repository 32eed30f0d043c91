"""The fictional patients of the demonstration. None of them exists; their matricules are of test.

The sandbox's INSi knows them too, so that an identity still provisoire can be recovered during the demonstration.
"""

from __future__ import annotations

from dataclasses import dataclass

from opensegur.ins import OID_NIR_TEST, Nature, Sexe, Traits

_QUAL = (Nature.RECUPERATION_INSI, Nature.CONTROLE_REUSSI)
_RECUP = (Nature.RECUPERATION_INSI,)
_VALI = (Nature.CONTROLE_REUSSI,)
_PROV: tuple[Nature, ...] = ()


@dataclass(frozen=True, slots=True)
class PatientDemo:
    """``preuves``: what has already happened to the identity; ``officine``: also known to the pharmacy."""

    traits: Traits
    matricule: str
    preuves: tuple[Nature, ...]
    officine: bool = False
    sans_piece: bool = False
    oid: str = OID_NIR_TEST


def _known(
    matricule: str,
    nom: str,
    prenoms: str,
    date: str,
    lieu: str,
    *,
    preuves: tuple[Nature, ...] = _QUAL,
    utilise: str = "",
    prenom_utilise: str = "",
    officine: bool = False,
    sans_piece: bool = False,
) -> PatientDemo:
    """Somebody whose traits came from INSi."""
    sexe = Sexe.M if matricule[0] == "1" else Sexe.F
    premier = prenoms.partition(" ")[0]
    traits = Traits(nom, prenoms, premier, date, sexe, lieu, utilise, prenom_utilise)
    return PatientDemo(traits, matricule, preuves, officine, sans_piece)


def _typed(
    nom: str, prenom: str, date: str, sexe: Sexe, preuves: tuple[Nature, ...], *, utilise: str = ""
) -> PatientDemo:
    """Somebody whose traits were typed at the counter."""
    return PatientDemo(Traits(nom, "", prenom, date, sexe, "", utilise), "", preuves)


PATIENTS: tuple[PatientDemo, ...] = (
    _known(
        "222021207090089",
        "FABRE",
        "GERMAINE AUGUSTINE",
        "1922-02-02",
        "12070",
        utilise="LACOMBE",
        officine=True,
    ),
    _known("181043527290008", "HEBERT", "MATTHIEU LUCIEN ANTONIN", "1981-04-28", "35272", officine=True),
    _known(
        "282055730490020",
        "LE GUILLOU",
        "AMBRE SOLENE LOLA",
        "1982-05-28",
        "57304",
        utilise="HEBERT",
        officine=True,
    ),
    _known("223010306890036", "HEBERT", "JACQUELINE VALENTINE", "2023-01-05", "03068"),
    _known("111054614490013", "HEBERT", "RENAUD", "2011-05-24", "46144", preuves=_RECUP, officine=True),
    _known("296109939690079", "N'DIAYE", "AWA FATOU", "1996-10-05", "99396"),
    _known("174024512390057", "COURTOIS", "XAVIER ALEX", "1974-02-21", "45123"),
    _known(
        "271117600490024",
        "BOUCHER",
        "AURORE CLAUDINE LAURE",
        "1971-11-27",
        "76004",
        preuves=_RECUP,
        utilise="COURTOIS",
        sans_piece=True,
    ),
    _known("195026411990090", "BRUNET", "PIERRE-YVES", "1995-02-03", "64119"),
    _known("295058615190086", "DA SILVA FERREIRA", "AMBRE EDITH", "1995-05-21", "86151", utilise="BRUNET"),
    _known("175027620090062", "DE L'ESTANG", "ANDRE ANTONIN", "1975-02-09", "76200"),
    _known("273069711390083", "COSTE", "OPHELIE", "1973-06-10", "97113", preuves=_RECUP),
    _typed("MOREAU", "JULIEN", "1984-06-12", Sexe.M, _PROV),
    _known("151031812790063", "ROUSSEAU", "MICHEL", "1951-03-03", "18127"),
    _known("179031812790049", "ROUSSEAU", "MICHEL", "1979-03-03", "18127", preuves=_RECUP),
    _typed("MARTEL", "LEA", "1982-12-19", Sexe.F, _PROV),
    _known("219047711290066", "GARNIER", "LEA ROSE", "2019-04-09", "77112"),
    _known("219047711290165", "GARNIER", "EMMA LISE", "2019-04-09", "77112", preuves=_RECUP),
    _typed("LEROUX", "EDMOND", "1990-03-12", Sexe.M, _VALI),
    _typed("VALLEE", "ALEXANDRE", "1982-08-13", Sexe.M, _VALI),
    _known(
        "282111412790088",
        "LEVEQUE",
        "ALICE COLETTE",
        "1982-11-30",
        "14127",
        utilise="VALLEE",
        prenom_utilise="LILOU",
    ),
    _typed("LACROIX", "LOIC", "1986-03-05", Sexe.M, _PROV),
    _known("289092A03590010", "GUILLOT", "ODILE MARINE CHRISTINE", "1989-09-29", "2A035", utilise="LACROIX"),
    _known("224012904090028", "LE BIHAN--KERVELLA", "LOU", "2024-01-01", "29040", preuves=_RECUP),
    _typed("HOAREAU", "GUY", "1983-04-01", Sexe.M, _PROV),
    _typed("MARTINEAU", "MICHELE", "1976-06-17", Sexe.F, _VALI, utilise="LETELLIER"),
)
