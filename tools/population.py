"""Make the sandbox's fictional population from lists of names and the COG, always the same.

Usage: python tools/population.py FIXTURES [--check]

FIXTURES holds nomenclatures/noms (family and given names by rank) and ins/cog/communes_2024.csv. Nobody real can
match: order numbers are 900 and above, which only the largest maternity towns reach, and those are left out; the
countries of birth are small ones.
"""

from __future__ import annotations

import argparse
import csv
import io
import random
import sys
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path

_TARGET = Path(__file__).resolve().parent.parent / "src" / "opensegur" / "sandbox" / "population" / "personnes.tsv"
_SEED = 20261125
_TODAY = date(2026, 11, 24)
_TOTAL = 300
_FROM_FAMILIES = 200
_CORSICA_SINCE = 1976  # the departments 2A and 2B
_SHARES = {"corse": 0.05, "outre-mer": 0.09, "etranger": 0.17, "compose": 0.08, "nom utilise": 0.45, "mere": 0.6}
_COLUMNS = [
    "numero",
    "cle",
    "nature",
    "nom_naissance",
    "prenoms",
    "sexe",
    "date_naissance",
    "lieu_naissance",
    "nom_utilise",
    "adresse",
    "code_postal",
    "ville",
    "famille",
    "historique",
    "trait",
]
_LARGE = (
    "PARIS",
    "MARSEILLE",
    "LYON",
    "TOULOUSE",
    "NICE",
    "NANTES",
    "MONTPELLIER",
    "STRASBOURG",
    "BORDEAUX",
    "LILLE",
    "RENNES",
    "REIMS",
    "TOULON",
    "SAINT ETIENNE",
    "LE HAVRE",
    "DIJON",
    "GRENOBLE",
    "ANGERS",
    "NIMES",
    "SAINT DENIS",
    "CLERMONT FERRAND",
    "TOURS",
    "LIMOGES",
    "AMIENS",
    "METZ",
    "BESANCON",
    "ORLEANS",
    "ROUEN",
    "CAEN",
    "BREST",
    "MAMOUDZOU",
    "CAYENNE",
    "FORT DE FRANCE",
    "SAINT PIERRE",
    "POISSY",
    "CRETEIL",
)
_COUNTRIES = ("99130", "99138", "99113", "99128", "99102", "99144", "99137", "99396")
_VILLAGES = (("18340", "LEVET"), ("18130", "DUN-SUR-AURON"), ("18350", "NERONDES"), ("18170", "LE CHATELET"),
             ("18120", "LURY-SUR-ARNON"), ("18160", "LIGNIERES"), ("18290", "CHAROST"))  # fmt: skip
_STREETS = ("RUE DES TILLEULS", "RUE DE L'EGLISE", "CHEMIN DU LAVOIR", "ALLEE DES CHENES", "PLACE DE LA HALLE",
            "RUE DU PUITS", "IMPASSE DES LILAS", "ROUTE DE BOURGES", "RUE DES ECOLES")  # fmt: skip
_PARTICLES = ("DE LA FONTAINE", "LE GUILLOU", "D'ORNAY", "DE L'ESTANG", "O'BRIEN", "LE BIHAN--KERVELLA", "DU TERTRE",
              "VAN DEN BROECK", "SAINT-AUBIN", "DA SILVA FERREIRA", "D'HAUTERIVE", "MARTIN-DUBOIS")  # fmt: skip
_COMPOUND = {"M": ("JEAN-PIERRE", "JEAN-BAPTISTE", "PIERRE-YVES", "LOUIS-MARIE"),
             "F": ("MARIE-LOUISE", "ANNE-SOPHIE", "MARIE-CHRISTINE", "ROSE-MAY")}  # fmt: skip


@dataclass(frozen=True)
class Person:
    nom: str
    prenoms: str
    sexe: str
    naissance: date
    lieu: str
    nom_utilise: str = ""
    adresse: tuple[str, str, str] = ("", "", "")
    famille: str = ""
    nature: str = "NIR"
    trait: str = ""
    ancien_sexe: bool = False


@dataclass
class Names:
    families: list[str]
    given: dict[str, list[str]]
    communes: list[str]
    corsica: list[str]
    overseas: list[str]


def _fold(text: str) -> str:
    text = text.replace("œ", "oe").replace("Œ", "OE").replace("’", "'")
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return plain.upper()


def read_names(folder: Path) -> Names:
    def rows(path: str, delimiter: str) -> list[dict[str, str]]:
        with (folder / path).open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file, delimiter=delimiter))

    families = [_fold(row["nom"]) for row in rows("nomenclatures/noms/noms_famille_fr.csv", ";")]
    families = [name for name in families if all(c.isalpha() or c in " -'" for c in name)]
    given: dict[str, list[str]] = {"M": [], "F": []}
    for row in rows("nomenclatures/noms/prenoms_fr_rang_naissances.csv", ";"):
        name = _fold(row["prenom"])
        if name.isalpha():
            given[row["sexe"]].append(name)
    communes = [
        row["COM"]
        for row in rows("ins/cog/communes_2024.csv", ",")
        if row["TYPECOM"] == "COM" and row["NCC"] not in _LARGE
    ]
    return Names(
        families[:600],
        {sexe: names[:220] for sexe, names in given.items()},
        [code for code in communes if code[:2] not in {"2A", "2B", "97", "98"}],
        [code for code in communes if code[:2] in {"2A", "2B"}],
        [code for code in communes if code[:2] == "97"],
    )


@dataclass
class Maker:
    names: Names
    chance: random.Random = field(default_factory=lambda: random.Random(_SEED))
    families: int = 0

    def household(self) -> str:
        self.families += 1
        return f"F{self.families:03d}"

    def place(self, born: date) -> str:
        draw = self.chance.random()
        if draw < _SHARES["corse"] and born.year >= _CORSICA_SINCE:
            return self.chance.choice(self.names.corsica)
        if draw < _SHARES["outre-mer"]:
            return self.chance.choice(self.names.overseas)
        if draw < _SHARES["etranger"]:
            return self.chance.choice(_COUNTRIES)
        return self.chance.choice(self.names.communes)

    def born(self, youngest: int, oldest: int) -> date:
        return _TODAY - timedelta(days=self.chance.randint(youngest * 365 + 10, oldest * 365 + 300))

    def given(self, sexe: str) -> str:
        if self.chance.random() < _SHARES["compose"]:
            return self.chance.choice(_COMPOUND[sexe])
        first, *others = self.chance.sample(self.names.given[sexe], self.chance.choice((1, 1, 2, 3)))
        return " ".join((first, *others))

    def family_name(self) -> str:
        if self.chance.random() < _SHARES["compose"]:
            return self.chance.choice(_PARTICLES)
        return self.chance.choice(self.names.families)

    def address(self) -> tuple[str, str, str]:
        code, town = self.chance.choice(_VILLAGES)
        return f"{self.chance.randint(1, 48)} {self.chance.choice(_STREETS)}", code, town

    def single(self, youngest: int, oldest: int) -> Person:
        sexe, born = self.chance.choice("MF"), self.born(youngest, oldest)
        person = Person(self.family_name(), self.given(sexe), sexe, born, self.place(born), adresse=self.address())
        if sexe == "F" and (_TODAY - born).days > 28 * 365 and self.chance.random() < _SHARES["nom utilise"]:
            return replace(person, nom_utilise=self.family_name())
        return person

    def family(self) -> list[Person]:
        household, home = self.household(), self.address()
        father_born = self.born(28, 52)
        mother_born = father_born + timedelta(days=self.chance.randint(-1500, 1500))
        name = self.family_name()
        father = Person(
            name, self.given("M"), "M", father_born, self.place(father_born), famille=household, adresse=home
        )
        used = name if self.chance.random() < _SHARES["mere"] else ""
        mother = Person(self.family_name(), self.given("F"), "F", mother_born, self.place(mother_born), used, home,
                        household)  # fmt: skip
        elder = max(father_born, mother_born)
        children = []
        for _ in range(self.chance.choice((1, 1, 2, 2, 3))):
            span = (_TODAY - elder).days - 25 * 365
            born = elder + timedelta(days=25 * 365 + self.chance.randint(0, max(1, span)))
            sexe = self.chance.choice("MF")
            children.append(
                Person(
                    name,
                    self.given(sexe),
                    sexe,
                    min(born, _TODAY - timedelta(days=40)),
                    self.chance.choice(self.names.communes),
                    adresse=home,
                    famille=household,
                )
            )
        return [father, mother, *children]

    def remarkable(self) -> Iterator[Person]:
        """The people that a test asks for by what they are."""
        home, household, place = self.address(), self.household(), self.chance.choice(self.names.communes)
        born = date(2019, 4, 9)
        for given in ("LEA ROSE", "EMMA LISE"):
            yield Person(
                "GARNIER", given, "F", born, place, "", home, household, trait="Jumelles : même jour, même lieu"
            )
        household = self.household()
        for given in ("HUGO", "THEO"):
            yield Person("O'BRIEN", given, "M", date(2012, 2, 29), "97411", "", home, household,
                         trait="Jumeaux nés un 29 février outre-mer")  # fmt: skip
        for place in ("15119", "48080"):
            yield Person(
                "MOREAU", "JULIEN", "M", date(1984, 6, 12), place, trait="Homonymes : seul le lieu les distingue"
            )
        for born in (date(1951, 3, 3), date(1979, 3, 3)):
            yield Person("ROUSSEAU", "MICHEL", "M", born, "18127", "", home, "F900", trait="Père et fils de même nom")
        yield Person("KERVELLA", "NOE", "M", date(2026, 11, 23), "29040", adresse=home, trait="Né la veille")
        yield Person("LE BIHAN--KERVELLA", "LOU", "F", date(2024, 1, 1), "29040", adresse=home, trait="Double tiret")
        yield Person(
            "FABRE", "GERMAINE AUGUSTINE", "F", date(1922, 2, 2), "12070", "LACOMBE", home, trait="Centenaire"
        )
        yield Person("DUVAL", "CAMILLE", "M", date(1992, 8, 20), "61120", adresse=home, ancien_sexe=True,
                     trait="Sexe changé à l’état civil : ancien matricule en historique")  # fmt: skip
        yield Person("N'DIAYE", "AWA FATOU", "F", date(1996, 10, 5), "99396", adresse=home, trait="Née à l’étranger")
        for number, sexe in enumerate("MFMF"):
            yield Person(("TORRES", "ABDOULAYE", "PETROV", "NGUYEN")[number], self.given(sexe), sexe,
                         self.born(18, 60), self.chance.choice(_COUNTRIES), "", self.address(), nature="NIA",
                         trait="Matricule d’attente (NIA)")  # fmt: skip


def key_of(number: str) -> str:
    value = number.replace("2A", "19", 1) if number[5:7] == "2A" else number
    value = value.replace("2B", "18", 1) if number[5:7] == "2B" else value
    return f"{97 - int(value) % 97:02d}"


def make(folder: Path) -> list[list[str]]:
    maker = Maker(read_names(folder))
    people = list(maker.remarkable())
    while len(people) < _FROM_FAMILIES:
        people += maker.family()
    people += [maker.single(0, 97) for _ in range(_TOTAL - len(people))]
    taken: set[str] = set()
    return [_row(person, taken) for person in people]


def _row(person: Person, taken: set[str]) -> list[str]:
    digit = {"M": "1", "F": "2"}[person.sexe] if person.nature == "NIR" else {"M": "7", "F": "8"}[person.sexe]
    stem = f"{person.naissance:%y%m}{person.lieu}"
    order = next(n for n in range(900, 1000) if f"{stem}{n}" not in taken)
    taken.add(f"{stem}{order}")
    number = f"{digit}{stem}{order}"
    history = ""
    if person.ancien_sexe:
        old = f"{'2' if digit == '1' else '1'}{stem}{order}"
        history = f"{old}/{key_of(old)}/{person.naissance:%Y-%m-%d}/2023-05-31"
    naissance = f"{person.naissance:%Y-%m-%d}"
    return [number, key_of(number), person.nature, person.nom, person.prenoms, person.sexe, naissance, person.lieu,
            person.nom_utilise, *person.adresse, person.famille, history, person.trait]  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("fixtures", type=Path)
    parser.add_argument("--check", action="store_true", help="compare with the shipped file, change nothing")
    arguments = parser.parse_args()
    text = io.StringIO()
    for row in [_COLUMNS, *make(arguments.fixtures)]:
        text.write("\t".join(row) + "\n")
    if arguments.check:
        sys.exit(0 if _TARGET.read_text(encoding="utf-8") == text.getvalue() else "the shipped population is another")
    _TARGET.write_text(text.getvalue(), encoding="utf-8", newline="\n")
    print(f"{text.getvalue().count(chr(10)) - 1} people")


if __name__ == "__main__":
    main()
