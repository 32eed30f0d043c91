"""How long the page of a patient takes among very many, its line in the journal included.

The application is served as in a practice (uvicorn, SQLite, its worker beside it) and read over HTTP by one browser.
The floor, in the same run, is the health page: the server and the database, without a session or a template.
"""

from __future__ import annotations

import os
import random
import re
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import urllib3

_PASSWORD = "une-phrase-de-mesure"
_NAMES = ("MARTIN", "BERNARD", "THOMAS", "PETIT", "ROBERT", "RICHARD", "DURAND", "DUBOIS", "MOREAU", "LAURENT")
_FIRST = ("MARIE", "JEAN", "CLAIRE", "PAUL", "LEA", "HUGO", "EMMA", "LOUIS", "ALICE", "JULES")
_BATCH = 5000
_SEED = 20261125
_WARM_UP = 5


def measure(patients: int, requests: int, folder: Path) -> dict[str, object]:
    from opensegur.cabinet.serveur import CabinetServer  # noqa: PLC0415 - Django is set up after the folder is known

    server = CabinetServer(port=0)
    os.environ["OPENSEGUR_CABINET_ADRESSE"] = server.adresse
    from opensegur.cabinet import installation  # noqa: PLC0415

    installation.prepare(folder)
    start = time.perf_counter()
    identifiers = _seed(patients)
    seeded = time.perf_counter() - start
    with server:
        return {
            "patients": patients,
            "seconds to seed": round(seeded, 1),
            **_pages(server.adresse, identifiers, requests),
        }


def _pages(address: str, identifiers: list[str], requests: int) -> dict[str, object]:
    from opensegur.cabinet.journal.models import Ligne  # noqa: PLC0415

    with urllib3.PoolManager() as pool:
        cookies = _log_in(pool, address)
        before = Ligne.objects.count()
        draw = random.Random(_SEED)
        pages = (
            ("record of a patient", lambda: f"/patients/{draw.choice(identifiers)}/"),
            ("health", lambda: "/sante/"),
            ("help", lambda: "/aide/"),
            ("day", lambda: "/"),
        )
        figures = _interleaved(pool, address, cookies, pages, requests)
        lines = Ligne.objects.filter(action="dossier.lire").count()
        token = _token(_get(pool, f"{address}/patients/", cookies).data)
        fields = {"date_naissance": "", "csrfmiddlewaretoken": token}

        def search(nom: str, prenom: str) -> None:
            asked = {**fields, "nom": nom, "prenom": prenom}
            headers = {"Cookie": cookies, "HX-Request": "true"}
            answer = pool.request(
                "POST", f"{address}/patients/", fields=asked, encode_multipart=False, headers=headers
            )
            assert answer.status == 200, answer.status  # noqa: PLR2004

        for title, names in (("search of one name", _rare()), ("search that one record in ten answers", _NAMES)):
            figures[title] = _search(search, names, max(20, requests // 5))
    assert lines == requests + _WARM_UP, f"{lines} lines in the journal for {requests + _WARM_UP} records read"
    floor = figures["health"]["p50 ms"]
    for figure in figures.values():
        figure["times the floor"] = round(figure["p50 ms"] / floor, 1)
    return {"pages": figures, "requests of each": requests, "lines of the journal": Ligne.objects.count() - before}


def _interleaved(
    pool: urllib3.PoolManager,
    address: str,
    cookies: str,
    pages: tuple[tuple[str, Callable[[], str]], ...],
    requests: int,
) -> dict[str, dict[str, float]]:
    """One of each in turn, so that the machine's moods are shared."""
    times: dict[str, list[float]] = {name: [] for name, _ in pages}
    for index in range(-_WARM_UP, requests):
        for name, path in pages:
            start = time.perf_counter()
            _get(pool, address + path(), cookies)
            if index >= 0:
                times[name].append((time.perf_counter() - start) * 1000)
    return {name: _summary(values) for name, values in times.items()}


def _search(search: Callable[[str, str], None], names: tuple[str, ...], count: int) -> dict[str, float]:
    times = []
    for index in range(count):
        start = time.perf_counter()
        search(names[index % len(names)], _FIRST[(index // 3) % len(_FIRST)])
        times.append((time.perf_counter() - start) * 1000)
    return _summary(times)


def _rare() -> tuple[str, ...]:
    """Names that a handful of people bear, as most are."""
    return tuple(_name(number) for number in range(0, 990, 99))


def _name(number: int) -> str:
    return f"{_NAMES[number % len(_NAMES)]}-{number // 100 % 1000:03d}".translate(_LETTERS)


def _summary(values: list[float]) -> dict[str, float]:
    cuts = statistics.quantiles(values, n=20)
    return {"p50 ms": round(statistics.median(values), 1), "p95 ms": round(cuts[-1], 1)}


def _get(pool: urllib3.PoolManager, url: str, cookies: str = "") -> urllib3.BaseHTTPResponse:
    answer = pool.request("GET", url, headers={"Cookie": cookies}, redirect=False)
    assert answer.status == 200, f"{answer.status} for {url.partition('//')[2].partition('/')[2][:12]}"  # noqa: PLR2004
    return answer


def _log_in(pool: urllib3.PoolManager, address: str) -> str:
    """The way of a person: the form, its token, then the session's cookie."""
    page = _get(pool, f"{address}/compte/connexion/")
    csrf = page.headers["Set-Cookie"].partition(";")[0]
    answer = pool.request(
        "POST",
        f"{address}/compte/connexion/",
        fields={"identifiant": "mesure", "mot_de_passe": _PASSWORD, "csrfmiddlewaretoken": _token(page.data)},
        encode_multipart=False,
        headers={"Cookie": csrf},
        redirect=False,
    )
    assert answer.status == 302, "the login of the bench account failed"  # noqa: PLR2004
    return "; ".join(value.partition(";")[0] for value in answer.headers.getlist("Set-Cookie"))


def _token(page: bytes) -> str:
    found = re.search(rb'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert found, "no form on this page"
    return found[1].decode("ascii")


def _seed(count: int) -> list[str]:
    """Qualified identities, with the evidence that makes them so; their names repeat as names do."""
    from django.utils import timezone  # noqa: PLC0415

    from opensegur.cabinet.antecedence.ecriture import index_patients  # noqa: PLC0415
    from opensegur.cabinet.comptes.models import Compte, Rattachement  # noqa: PLC0415
    from opensegur.cabinet.comptes.roles import Role  # noqa: PLC0415
    from opensegur.cabinet.patients.models import Patient, Preuve  # noqa: PLC0415
    from opensegur.cabinet.structures.models import Structure  # noqa: PLC0415
    from opensegur.ins import OID_NIR_TEST, Nature  # noqa: PLC0415

    structure = Structure.objects.create(id_nat="300000099200016", nom="Cabinet de mesure", secteur="SA07")
    compte = Compte.objects.create_user(
        "mesure",
        _PASSWORD,
        nom="MESURE",
        prenom="Claire",
        id_nat="899700500012",
        profession="10",
        savoir_faire="SM26",
    )
    Rattachement.objects.create(compte=compte, structure=structure, role=Role.MEDECIN)
    moment, identifiers, known = timezone.now(), [], set()
    for begin in range(0, count, _BATCH):
        patients = [
            _patient(Patient, structure, compte, number) for number in range(begin, min(begin + _BATCH, count))
        ]
        Patient.objects.bulk_create(patients)
        index_patients(patients, connus=known)
        Preuve.objects.bulk_create(
            Preuve(
                patient=patient,
                nature=nature,
                moment=moment,
                auteur=compte,
                piece="CN" if nature is Nature.CONTROLE_REUSSI else "",
                matricule=patient.matricule if nature is Nature.RECUPERATION_INSI else "",
                matricule_oid=OID_NIR_TEST if nature is Nature.RECUPERATION_INSI else "",
            )
            for patient in patients
            for nature in (Nature.RECUPERATION_INSI, Nature.CONTROLE_REUSSI)
        )
        identifiers += [str(patient.pk) for patient in patients]
    return identifiers


def _patient(model, structure, compte, number: int):  # noqa: ANN001, ANN202 - Django is not loaded yet
    from opensegur.cabinet.patients.preuves import index_of  # noqa: PLC0415
    from opensegur.ins import OID_NIR_TEST, Matricule, compute_key  # noqa: PLC0415

    month, day = number % 12 + 1, number % 28 + 1
    nir = f"2{number // 1000 % 100:02d}{month:02d}75{number // 100_000 % 1000:03d}{number % 1000:03d}"
    matricule = Matricule(nir + compute_key(nir), OID_NIR_TEST)
    first = _FIRST[number // len(_NAMES) % len(_FIRST)]
    return model(
        structure=structure,
        cree_par=compte,
        ipp=number + 1,
        nom_naissance=_name(number),
        prenoms=first,
        premier_prenom=first,
        date_naissance=f"19{number // 1000 % 100:02d}-{month:02d}-{day:02d}",
        sexe="F",
        lieu_naissance="75056",
        matricule=matricule.valeur,
        matricule_oid=matricule.oid,
        matricule_index=index_of(matricule),
    )


_LETTERS = str.maketrans("0123456789", "ABCDEFGHIJ")
