"""A whole base: what DuckDB and Spark find, beside the truth and beside the comparison of each pair."""

import logging
import sys
from itertools import combinations

import pytest

from jeu_doublons import make
from opensegur.foundation.errors import ConfigurationError
from opensegur.ins.doublons import (
    A_VERIFIER,
    SEUIL,
    Fiche,
    MoteurDuckDB,
    MoteurSpark,
    find_duplicates,
    learn,
    modele_francais,
    prepare,
)

RIEN = 1e-12


def quality(found, jeu):
    truth = jeu.pairs()
    pairs = {(each.a, each.b) for each in found if each.verdict.probabilite >= SEUIL}
    return len(pairs & truth) / len(pairs), len(pairs & truth) / len(truth)


@pytest.fixture(scope="module")
def jeu():
    return make(12_000, 11)


@pytest.fixture(scope="module")
def trouvees(jeu):
    return find_duplicates(jeu.fiches, modele_francais(), MoteurDuckDB(), seuil=A_VERIFIER)


def test_a_french_base_is_judged_as_the_measures_say(jeu, trouvees):
    """The bar, on 200,000 records, is shown by ``tools/bench_doublons.py``."""
    precision, recall = quality(trouvees, jeu)
    assert precision > 0.99
    assert recall > 0.97


def test_the_surest_come_first_and_no_pair_comes_twice(trouvees):
    assert [each.verdict.bits for each in trouvees] == sorted((each.verdict.bits for each in trouvees), reverse=True)
    assert len({(each.a, each.b) for each in trouvees}) == len(trouvees)
    assert all(each.a < each.b for each in trouvees)


def test_the_base_and_the_counter_say_the_same(jeu, trouvees):
    modele = modele_francais()
    for each in trouvees:
        said = modele.compare(prepare(jeu.fiches[each.a]), prepare(jeu.fiches[each.b]), len(jeu.fiches))
        assert said.niveaux == each.verdict.niveaux
        assert said.bits == pytest.approx(each.verdict.bits)


def test_every_condition_is_one_in_sql_and_in_python():
    """Whatever the pair: also those that no block gathers."""
    jeu = make(60, 3)
    modele = modele_francais()
    everything = find_duplicates(
        jeu.fiches, modele.__class__(modele.comparaisons, ("1 = 1",), modele.taux), MoteurDuckDB(), seuil=2.0**-200
    )
    assert len(everything) == 60 * 59 // 2
    prepared = [prepare(fiche) for fiche in jeu.fiches]
    said = {(each.a, each.b): each.verdict.niveaux for each in everything}
    for a, b in combinations(range(60), 2):
        assert modele.compare(prepared[a], prepared[b], 60).niveaux == said[a, b]


def test_progress_is_told_and_stopping_leaves_nothing(jeu):
    class Stop(Exception):
        pass

    steps = []

    def suivre(avancee):
        steps.append(avancee)
        if avancee.tranches:
            raise Stop

    with pytest.raises(Stop):
        find_duplicates(jeu.fiches, modele_francais(), MoteurDuckDB(), suivre=suivre)
    assert steps[0].fiches == len(jeu.fiches)
    assert steps[-1].tranche == 0


@pytest.mark.parametrize("fiches", [[], [Fiche("1", "MARTIN", "JEAN", "1950-01-02")]])
def test_a_base_too_small_has_no_duplicate(fiches):
    assert find_duplicates(fiches, modele_francais(), MoteurDuckDB(), seuil=RIEN) == []


def test_hostile_texts_are_only_texts():
    texts = ["'; DROP TABLE fiches; --", "\x00", "%s", "🙂" * 500, "a" * 10_000, ""]
    fiches = [Fiche(str(n), text, text, text, text, text, text, text, text) for n, text in enumerate(texts)]
    assert find_duplicates([*fiches, *fiches], modele_francais(), MoteurDuckDB()) is not None


def test_a_missing_library_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "splink", None)
    with pytest.raises(ConfigurationError) as error:
        find_duplicates([], modele_francais(), MoteurDuckDB())
    assert error.value.code == "DOUBLONS_MOTEUR"
    assert "opensegur[doublons]" in error.value.conseil


def test_weights_learnt_from_the_base_find_its_duplicates(jeu):
    modele = modele_francais()
    seances = ("l.ne_le = r.ne_le", "l.nom_son = r.nom_son AND l.prenom_son = r.prenom_son")
    learnt = learn(jeu.fiches, modele, MoteurDuckDB(), seances=seances, tirages=1_000_000)
    assert learnt != modele
    precision, recall = quality(find_duplicates(jeu.fiches, learnt, MoteurDuckDB()), jeu)
    assert precision > 0.9
    assert recall > 0.9


@pytest.mark.java
def test_spark_finds_what_duckdb_finds(trouvees, jeu, spark):
    fiches = jeu.fiches[-700:] + jeu.fiches[:1300]
    here = find_duplicates(fiches, modele_francais(), MoteurDuckDB(), seuil=A_VERIFIER)
    there = find_duplicates(fiches, modele_francais(), MoteurSpark(spark), seuil=A_VERIFIER)
    assert here
    assert [(each.a, each.b, each.verdict.niveaux) for each in there] == [
        (each.a, each.b, each.verdict.niveaux) for each in here
    ]
    assert [each.verdict.bits for each in there] == pytest.approx([each.verdict.bits for each in here])


@pytest.fixture(scope="module")
def spark(tmp_path_factory):
    from pyspark.sql import SparkSession

    logging.getLogger("py4j").setLevel(logging.ERROR)
    folder = tmp_path_factory.mktemp("spark")
    session = (
        SparkSession.builder.master("local[2]")
        .appName("doublons")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.sql.warehouse.dir", str(folder / "entrepot"))
        .config("spark.local.dir", str(folder / "local"))
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .getOrCreate()
    )
    yield session
    session.stop()
