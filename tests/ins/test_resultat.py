"""INSi's answers: the official samples as golden cases, both dialects, and what a rude service might send."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from opensegur.foundation.soap import read_envelope
from opensegur.foundation.xml import parse
from opensegur.ins import OID_NIA, OID_NIR, CodeRetour, Individu, InsAncien, InsiError, Matricule, TraitsRecus
from opensegur.ins.resultat import NS_RESULTAT, read_resultat
from opensegur.ins.testing import ADRTROIS, ECETINSI, IDENTITES, PROVISOIRE, answer

OLD = InsAncien("2090763220834", "39", OID_NIR, "2019-03-01", "2019-02-28")

# The history as pairs of a number and its key.
GOLDEN = [
    ("TEST_2.04_cas2", "109076322083489", OID_NIR, [("2090763220834", "39"), ("2090663220123", "55")], "ECETINSI"),
    ("TEST_2.05", "109076322088835", OID_NIA, [], "PROVISOIRE"),
    ("TEST_2.08_cas1", "180032B02040123", OID_NIR, [("180032B020401", "23")], "CORSE"),
    ("TEST_2.08_cas2", "181036322045660", OID_NIR, [("1810363220456", "60"), ("2810363220456", "10")], "HERMANN"),
    ("live_CR00_ADRTROIS_DOMINIQUE", "297022A02077878", OID_NIR, [], "ADRTROIS"),
    ("live_CR00_ADRTROIS_TOUSSAINT", "160012B02077713", OID_NIR, [], "ADRTROIS"),
    (
        "live_CR00_ECETINSI_PIERRE-ALAIN_one_INSHISTO",
        "109076322083489",
        OID_NIR,
        [("2090763220834", "39")],
        "ECETINSI",
    ),
    ("live_CR00_TCHITCHI_CATARINA", "236066322083656", OID_NIR, [], "TCHITCHI"),
]


def read(data):
    return read_resultat(read_envelope(parse(data)).body)


def official_answer(official, name):
    return read((official / "ins" / "soap" / "responses" / f"{name}.xml").read_bytes())


@pytest.mark.fixtures
@pytest.mark.parametrize("case", GOLDEN, ids=lambda case: case[0])
def test_official_answers(official, case):
    name, matricule, oid, history, family = case
    code, label, individu = official_answer(official, name)
    assert code is CodeRetour.UNE
    assert label == "OK"
    assert individu.matricule == Matricule(matricule, oid)
    assert [(line.numero, line.cle) for line in individu.historique] == history
    assert individu.traits.nom_naissance == family


@pytest.mark.fixtures
@pytest.mark.parametrize(
    ("name", "code", "label"),
    [
        ("REP_CR01", CodeRetour.AUCUNE, "Aucune identite trouvee"),
        ("live_CR02_DE_VINCI_LEONARDO", CodeRetour.PLUSIEURS, "Plusieurs identites trouvees"),
    ],
)
def test_official_answers_without_a_person(official, name, code, label):
    assert official_answer(official, name) == (code, label, None)


@pytest.mark.fixtures
def test_every_official_answer_is_covered(official):
    names = {path.stem for path in (official / "ins" / "soap" / "responses").glob("*.xml")}
    faults = {name for name in names if "fault" in name}
    assert names - faults == {case[0] for case in GOLDEN} | {"REP_CR01", "live_CR02_DE_VINCI_LEONARDO"}


@pytest.mark.fixtures
def test_dates_before_the_identifier_are_read(official):
    _, _, individu = official_answer(official, "TEST_2.04_cas2")
    assert (individu.historique[0].debut, individu.historique[0].fin) == ("2019-03-01", "2019-02-28")
    assert "INSI.periode" in {finding.rule for finding in individu.findings()}


@pytest.mark.fixtures
def test_a_wrong_key_is_kept_and_told(official):
    _, _, individu = official_answer(official, "TEST_2.08_cas2")
    assert individu.matricule.cle == "60"
    assert {finding.rule for finding in individu.findings()} == {"INSI.cle", "INSI.historique"}


@pytest.mark.fixtures
def test_an_old_matricule_equal_to_the_active_one_is_not_shown(official):
    _, _, individu = official_answer(official, "TEST_2.08_cas1")
    assert len(individu.historique) == 1
    assert individu.anciens == ()


@pytest.mark.parametrize("identity", IDENTITES)
@pytest.mark.parametrize("dialect", ["S", "env"])
def test_what_the_builder_writes_is_read_back(identity, dialect):
    individu = Individu(identity.matricule, identity.individu.traits, (OLD, OLD))
    code, _, found = read(answer(CodeRetour.UNE, individu, dialect=dialect))
    assert code is CodeRetour.UNE
    assert found == individu
    assert found.anciens == (OLD.matricule,)


@given(
    st.builds(
        TraitsRecus,
        *[st.text(alphabet=st.characters(min_codepoint=33, max_codepoint=0x24F), max_size=12) for _ in range(5)],
    )
)
def test_traits_are_kept_to_the_letter(traits):
    individu = Individu(ADRTROIS.matricule, traits)
    assert read(answer(CodeRetour.UNE, individu))[2].traits == traits


def test_empty_traits_are_read():
    individu = Individu(PROVISOIRE.matricule, TraitsRecus("", "", "", "", ""))
    assert read(answer(CodeRetour.UNE, individu))[2].traits == TraitsRecus("", "", "", "", "")


@pytest.mark.parametrize("code", ["03", "99", "", "0", "OK"])
def test_an_unknown_code_is_an_error_with_its_label(code):
    with pytest.raises(InsiError) as caught:
        read(answer(code))
    assert caught.value.code == "INSI_CODE_RETOUR"
    assert "Libelle inconnu" in caught.value.message


def mutated(change):
    root = parse(answer(CodeRetour.UNE, Individu(ECETINSI.matricule, ECETINSI.individu.traits, (OLD,))))
    change(root)
    return etree.tostring(root)


def drop(name):
    def change(root):
        element = next(root.iter(f"{{{NS_RESULTAT}}}{name}"))
        element.getparent().remove(element)

    return change


def double(name):
    def change(root):
        element = next(root.iter(f"{{{NS_RESULTAT}}}{name}"))
        element.getparent().append(parse(etree.tostring(element)))

    return change


def write(name, text):
    def change(root):
        next(root.iter(f"{{{NS_RESULTAT}}}{name}")).text = text

    return change


@pytest.mark.parametrize(
    "change",
    [
        drop("CR"),
        drop("INDIVIDU"),
        drop("INSACTIF"),
        drop("IdIndividu"),
        drop("OID"),
        drop("TIQ"),
        double("CR"),
        double("INDIVIDU"),
        double("INSACTIF"),
        double("TIQ"),
        write("OID", "1.2.250.1.213.1.4.2"),
        write("NumIdentifiant", "ABC"),
        write("Cle", "7"),
    ],
)
def test_an_answer_that_does_not_name_one_person_is_refused(change):
    with pytest.raises(InsiError) as caught:
        read(mutated(change))
    assert caught.value.code == "INSI_REPONSE"
    assert "ECETINSI" not in caught.value.detail


def test_another_message_is_refused():
    with pytest.raises(InsiError):
        read_resultat(etree.Element("{urn:x}RESULTAT"))


def test_an_unreadable_line_of_the_history_is_told_and_kept():
    bad = InsAncien("???", "", "1.2.3")
    found = read(answer(CodeRetour.UNE, Individu(ADRTROIS.matricule, ADRTROIS.individu.traits, (bad,))))[2]
    assert found.historique == (bad,)
    assert found.anciens == ()
    assert [finding.rule for finding in found.findings()] == ["INSI.historique"]


@pytest.mark.parametrize("code", CodeRetour)
def test_each_code_says_what_to_do(code):
    assert code.libelle
    assert code.conseil


def test_representations_tell_nothing():
    individu = Individu(ECETINSI.matricule, ECETINSI.individu.traits, (OLD,))
    assert "ECETINSI" not in repr(individu)
    assert "90763220834" not in repr(individu)
