"""``opensegur ins search`` as it is typed, against a scripted INSi behind mutual TLS on loopback."""

import json
import threading
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from opensegur.cli import main
from opensegur.foundation.acteurs import Structure
from opensegur.foundation.configuration import Configuration, PointInsi, Profil, write_configuration
from opensegur.foundation.testing import Authority
from opensegur.foundation.tls import server_context
from opensegur.ins import OID_NIR, CodeRetour, Individu, InsAncien, Matricule
from opensegur.ins.testing import ADRTROIS, ECETINSI, LPS, PAT_TROIS, answer, fault, response

PERSON = ["--nom", "Adrtrois", "--prenom", "Dominique", "--sexe", "F", "--date", "1997-02-26"]


class Teleservice:
    """Answers what the test has put in ``answers`` and keeps the bodies received."""

    def __init__(self):
        self.answers = []
        self.received = []


@pytest.fixture(scope="module")
def authority():
    return Authority()


@pytest.fixture
def insi(tmp_path, authority):
    """The teleservice, listening until the test ends; ``opensegur.toml`` in ``tmp_path`` points to it."""
    service = Teleservice()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            service.received.append(self.rfile.read(int(self.headers["Content-Length"])))
            reply = response(service.answers.pop(0))
            self.send_response(reply.status)
            self.send_header("Content-Type", reply.content_type)
            self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            self.wfile.write(reply.body)

        def log_message(self, *_):
            pass

    anchors = authority.write_anchors(tmp_path)
    certificate, key = authority.issue("localhost", hosts=["127.0.0.1"]).write(tmp_path, "serveur")
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    context = server_context(certificate=certificate, key=key, password=None, anchors=anchors, required=True)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    configure(tmp_path, authority, f"https://127.0.0.1:{server.server_port}/lps")
    yield service
    server.shutdown()
    thread.join()
    server.server_close()


def configure(folder, authority, url, name="INSI-MANU"):
    certificate, key = authority.issue(name, unit="10B0123456").write(folder, "insi")
    point = PointInsi(url, certificate, key, authority.write_anchors(folder))
    structure = Structure("1750099990", "CABINET FICTIF", "SA07")
    write_configuration(Configuration(Profil.BAC_A_SABLE, LPS, structure, insi=point), folder / "opensegur.toml")


def run(folder, *arguments):
    with pytest.raises(SystemExit) as caught:
        main(["ins", "search", *arguments, "--configuration", str(folder / "opensegur.toml")])
    return caught.value.code


def test_one_identity_is_shown_in_french(insi, tmp_path, capsys):
    insi.answers = [answer(CodeRetour.UNE, ADRTROIS.individu)]
    assert run(tmp_path, *PERSON) == 0
    shown = capsys.readouterr()
    assert "Une identité trouvée (1 appel)." in shown.out
    assert "2 97 02 2A 020 778 78 (NIR)" in shown.out
    assert "Nom de naissance      ADRTROIS" in shown.out
    assert "À faire : Comparez" in shown.out
    assert "Le code 2A020 n’est pas dans la table" in shown.err


def test_what_is_typed_is_normalised_before_it_leaves(insi, tmp_path):
    insi.answers = [answer(CodeRetour.AUCUNE)]
    assert run(tmp_path, "--nom", "d’Æion", "--prenom", "Cœur", "--sexe", "m", "--date", "01/01/1987") == 3
    assert b"D'AEION" in insi.received[0]
    assert b"<ins:Prenom>COEUR" in insi.received[0]
    assert b"1987-01-01" in insi.received[0]


@pytest.mark.parametrize(
    ("code", "sentence"),
    [(CodeRetour.AUCUNE, "Aucune identité trouvée"), (CodeRetour.PLUSIEURS, "Plusieurs identités trouvées")],
)
def test_none_or_several_is_exit_code_3(insi, tmp_path, capsys, code, sentence):
    insi.answers = [answer(code)]
    assert run(tmp_path, *PERSON) == 3
    assert sentence in capsys.readouterr().out


def test_the_place_is_sent_only_when_several_answer(insi, tmp_path):
    insi.answers = [answer(CodeRetour.PLUSIEURS), answer(CodeRetour.UNE, ADRTROIS.individu)]
    assert run(tmp_path, *PERSON, "--lieu", "2A020") == 0
    assert b"LieuNaissance" not in insi.received[0]
    assert b"2A020" in insi.received[1]


def test_a_program_reads_json(insi, tmp_path, capsys):
    old = InsAncien("2090763220834", "39", OID_NIR, "2019-03-01", "2019-02-28")
    insi.answers = [answer(CodeRetour.UNE, replace(ECETINSI.individu, historique=(old,)))]
    arguments = ["--nom", "ECETINSI", "--prenom", "PIERRE-ALAIN", "--sexe", "M", "--date", "2009-07-14", "--json"]
    assert run(tmp_path, *arguments) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["code"] == "00"
    assert document["appels"] == 1
    assert document["individu"]["matricule"] == ECETINSI.matricule.valeur
    assert document["individu"]["traits"]["liste_prenoms"] == "PIERRE-ALAIN MURIEL FLORIANT"
    assert document["individu"]["anciens"] == [{"matricule": "209076322083439", "oid": OID_NIR}]
    assert [line["regle"] for line in document["avertissements"]] == ["INSI.periode"]


def test_json_without_an_identity(insi, tmp_path, capsys):
    insi.answers = [answer(CodeRetour.AUCUNE)]
    assert run(tmp_path, *PERSON, "--json") == 3
    assert json.loads(capsys.readouterr().out)["individu"] is None


def test_an_incomplete_answer_is_told(insi, tmp_path, capsys):
    recus = replace(PAT_TROIS.individu.traits, date_naissance="1979-00-00")
    insi.answers = [answer(CodeRetour.UNE, Individu(PAT_TROIS.matricule, recus))]
    assert run(tmp_path, *PERSON) == 0
    assert "date de naissance incomplète" in capsys.readouterr().err


def test_a_wrong_key_from_insi_is_told_once(insi, tmp_path, capsys):
    wrong = Individu(Matricule("297022A02077800", OID_NIR), ADRTROIS.individu.traits)
    insi.answers = [answer(CodeRetour.UNE, wrong)]
    assert run(tmp_path, *PERSON) == 0
    assert capsys.readouterr().err.count("clé") == 1


def test_a_fault_is_one_french_line_with_its_advice(insi, tmp_path, capsys):
    insi.answers = [fault("siram_100", "desir_550")]
    assert run(tmp_path, *PERSON) == 1
    shown = capsys.readouterr().err
    assert "Erreur : Le numéro d’autorisation du logiciel (IDAM) est inconnu" in shown
    assert "[desir_550]" in shown
    assert "À faire : " in shown


def test_a_certificate_with_another_name_is_told_first(insi, tmp_path, authority, capsys):
    url = next(
        line for line in (tmp_path / "opensegur.toml").read_text(encoding="utf-8").splitlines() if "url" in line
    )
    configure(tmp_path, authority, url.split('"')[1], name="DMP AUTH")
    insi.answers = [answer(CodeRetour.AUCUNE)]
    assert run(tmp_path, *PERSON) == 3
    assert "Attention : Le nom (CN) du certificat" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (["--nom", "J3AN"], "contient un chiffre"),
        (["--date", "hier"], "n’est pas lisible"),
        (["--lieu", "Paris"], "code officiel géographique"),
    ],
)
def test_a_bad_value_never_leaves(insi, tmp_path, capsys, change, words):
    assert run(tmp_path, *PERSON, *change) == 1
    assert words in capsys.readouterr().err
    assert insi.received == []


def test_an_undetermined_sex_is_a_usage_error(tmp_path, capsys):
    assert run(tmp_path, *PERSON, "--sexe", "I") == 2
    assert "--sexe" in capsys.readouterr().err


def test_an_incomplete_date_is_completed_aloud(insi, tmp_path, capsys):
    insi.answers = [answer(CodeRetour.AUCUNE)]
    assert run(tmp_path, *PERSON, "--date", "00/00/1950") == 3
    assert "complétée : 31/12/1950" in capsys.readouterr().err
    assert b"1950-12-31" in insi.received[0]


def test_without_a_configuration_it_is_said(tmp_path, capsys):
    assert run(tmp_path, *PERSON) == 1
    assert "[CONFIG_ABSENTE]" in capsys.readouterr().err


def test_a_service_that_does_not_listen_is_said(tmp_path, authority, capsys):
    with ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as closed:
        port = closed.server_port
    configure(tmp_path, authority, f"https://127.0.0.1:{port}/lps")
    assert run(tmp_path, *PERSON) == 1
    assert "injoignable" in capsys.readouterr().err
