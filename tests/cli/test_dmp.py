"""``opensegur dmp`` as it is typed, against a DMP in memory behind mutual TLS on loopback."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from opensegur.cda.testing import CABINET, MEDECIN, complete_entete, sample_entete, sample_n1
from opensegur.cli import main
from opensegur.dmp import StatutDossier
from opensegur.dmp.testing import MemoryDmp
from opensegur.foundation.configuration import Configuration, PointDmp, Profil, write_configuration
from opensegur.foundation.points import Lps
from opensegur.foundation.ports import HttpRequest
from opensegur.foundation.testing import Authority
from opensegur.foundation.tls import server_context

LPS = Lps("OpenSégur", "0.1", "1.2.250.1.999.1", homologation="OSG-000000-tmp1")
MATRICULE = sample_entete().patient.matricule
UID = sample_entete().uid
PATIENT = ["--matricule", MATRICULE.valeur, "--oid", MATRICULE.oid]


@pytest.fixture(scope="module")
def authority():
    return Authority()


@pytest.fixture
def dmp(tmp_path, authority):
    """The DMP, listening until the test ends; ``opensegur.toml`` and ``acteur.json`` in ``tmp_path`` point to it."""
    service = MemoryDmp()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            reply = service.send(HttpRequest("POST", self.path, dict(self.headers), body))
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
    configure(tmp_path, authority, f"https://127.0.0.1:{server.server_port}/si-dmp-server/v2/services")
    (tmp_path / "document.xml").write_bytes(sample_n1())
    yield service
    server.shutdown()
    thread.join()
    server.server_close()


def configure(folder, authority, url):
    certificate, key = authority.issue("AUTH_CLI").write(folder, "auth")
    signature, signature_key = authority.issue("SIGN").write(folder, "sign")
    point = PointDmp(url, certificate, key, signature, signature_key, authority.write_anchors(folder))
    write_configuration(Configuration(Profil.BAC_A_SABLE, LPS, CABINET, dmp=point), folder / "opensegur.toml")
    person = {name: getattr(MEDECIN, name) for name in ("id_nat", "nom", "prenom", "profession", "savoir_faire")}
    (folder / "acteur.json").write_text(json.dumps({"professionnel": person, "mode": "INDIRECTE"}), encoding="utf-8")


def run(folder, *arguments):
    common = ["--configuration", str(folder / "opensegur.toml"), "--acteur", str(folder / "acteur.json")]
    with pytest.raises(SystemExit) as caught:
        main(["dmp", *map(str, arguments), *common])
    return caught.value.code


def test_a_document_goes_and_comes_back_byte_for_byte(dmp, tmp_path, capsys):
    assert run(tmp_path, "submit", tmp_path / "document.xml") == 0
    shown = capsys.readouterr().out
    assert "déposé dans le DMP" in shown
    assert UID in shown
    assert "dépôt" in shown
    assert " ms" in shown
    assert run(tmp_path, "search", *PATIENT) == 0
    shown = capsys.readouterr().out
    assert sample_entete().titre in shown
    assert "1 document." in shown
    assert run(tmp_path, "get", UID, *PATIENT, "-o", tmp_path / "lu.xml") == 0
    assert (tmp_path / "lu.xml").read_bytes() == sample_n1()


def test_a_program_reads_json(dmp, tmp_path, capsys):
    arguments = ["submit", tmp_path / "document.xml", "--visibilite", "invisible-patient", "--titre", "Autre titre"]
    assert run(tmp_path, *arguments, "--json") == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["document"], document["titre"], document["deja_depose"]) == (UID, "Autre titre", False)
    assert set(document["durees_ms"]) == {"préparation", "dépôt"}
    assert run(tmp_path, "search", *PATIENT, "--type", "11488-4", "--json") == 0
    (found,) = json.loads(capsys.readouterr().out)["documents"]
    assert found["confidentialite"] == ["N", "INVISIBLE_PATIENT"]
    assert found["statut"] == "approved"
    assert run(tmp_path, "get", UID, *PATIENT, "-o", tmp_path / "lu.xml", "--json") == 0
    assert json.loads(capsys.readouterr().out)["octets"] == len(sample_n1())
    assert run(tmp_path, "existence", *PATIENT, "--json") == 0
    assert json.loads(capsys.readouterr().out)["autorisation"] == "NON_EXISTE"
    assert run(tmp_path, "autoriser", *PATIENT, "--json") == 0
    assert json.loads(capsys.readouterr().out)["action"] == "AJOUT"


def test_a_hidden_document_is_listed_with_what_hides_it(dmp, tmp_path, capsys):
    run(tmp_path, "submit", tmp_path / "document.xml", "--visibilite", "masque-ps")
    capsys.readouterr()
    run(tmp_path, "search", *PATIENT)
    assert "[masqué aux professionnels de santé]" in capsys.readouterr().out


def test_a_document_replaces_another(dmp, tmp_path, capsys):
    run(tmp_path, "submit", tmp_path / "document.xml")
    new = sample_n1(sample_entete(uid="1.2.250.1.999.1.1.77"))
    (tmp_path / "nouveau.xml").write_bytes(new)
    assert run(tmp_path, "submit", tmp_path / "nouveau.xml", "--remplace", UID) == 0
    capsys.readouterr()
    assert run(tmp_path, "search", *PATIENT, "--statut", "obsolete", "--json") == 0
    (found,) = json.loads(capsys.readouterr().out)["documents"]
    assert found["document"] == UID


def test_a_new_version_replaces_the_one_that_it_names_when_it_is_there(dmp, tmp_path, capsys):
    second = tmp_path / "deuxieme.xml"
    second.write_bytes(sample_n1(complete_entete()))
    assert run(tmp_path, "submit", second) == 0
    dmp.stored.clear()
    dmp.lots.clear()
    run(tmp_path, "submit", tmp_path / "document.xml")
    assert run(tmp_path, "submit", second) == 0
    capsys.readouterr()
    run(tmp_path, "search", *PATIENT, "--json")
    (found,) = json.loads(capsys.readouterr().out)["documents"]
    assert found["document"] == complete_entete().uid


def test_replacing_what_is_not_there_is_refused(dmp, tmp_path, capsys):
    assert run(tmp_path, "submit", tmp_path / "document.xml", "--remplace", "1.2.3") == 1
    assert "XDSDocumentUniqueIdError" in capsys.readouterr().err
    assert dmp.stored == []


def test_existence_and_authorisation_in_french(dmp, tmp_path, capsys):
    assert run(tmp_path, "existence", *PATIENT) == 0
    assert "Autorisation de lecture : inexistante ou expirée." in capsys.readouterr().out
    assert run(tmp_path, "autoriser", *PATIENT, "--action", "AJOUT_MEDECIN_TRAITANT") == 0
    assert run(tmp_path, "existence", *PATIENT) == 0
    shown = capsys.readouterr().out
    assert "DMP : actif." in shown
    assert "Autorisation de lecture : valide." in shown
    assert "Médecin traitant DMP : oui." in shown


@pytest.mark.parametrize(
    ("statut", "word"), [(StatutDossier.FERME, "fermé"), (StatutDossier.INEXISTANT, "inexistant")]
)
def test_no_active_dossier_is_exit_code_3(dmp, tmp_path, capsys, statut, word):
    dmp.statut = statut
    assert run(tmp_path, "existence", *PATIENT) == 3
    assert f"DMP : {word}." in capsys.readouterr().out


def test_a_refusal_says_what_to_do(dmp, tmp_path, capsys):
    dmp.refuse_next("DMPClosed")
    assert run(tmp_path, "submit", tmp_path / "document.xml") == 1
    shown = capsys.readouterr().err
    assert "Le DMP de ce patient est fermé. [DMPClosed]" in shown
    assert "À faire :" in shown


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["submit", "absent.xml"], "introuvable"),
        (["search", "--matricule", "123", "--oid", MATRICULE.oid], "INS_MATRICULE"),
        (["search", *PATIENT, "--type", "nouveau"], "JDV_J66"),
        (["get", "1.2.3", *PATIENT, "-o", "x.xml"], "XDSDocumentUniqueIdError"),
    ],
)
def test_what_is_typed_wrong_is_told_without_a_traceback(dmp, tmp_path, capsys, monkeypatch, arguments, word):
    monkeypatch.chdir(tmp_path)
    assert run(tmp_path, *arguments) in {1, 2}
    shown = capsys.readouterr().err
    assert word in shown
    assert "Traceback" not in shown


def test_what_is_no_document_is_not_sent(dmp, tmp_path, capsys):
    (tmp_path / "lettre.pdf").write_bytes(b"%PDF-1.4")
    assert run(tmp_path, "submit", tmp_path / "lettre.pdf") == 1
    assert "XML" in capsys.readouterr().err
    assert dmp.requests == []


def test_an_unwritable_file_is_told(dmp, tmp_path, capsys):
    run(tmp_path, "submit", tmp_path / "document.xml")
    assert run(tmp_path, "get", UID, *PATIENT, "-o", tmp_path / "absent" / "lu.xml") == 1
    assert "ne peut pas être écrit" in capsys.readouterr().err


def test_nobody_listening_is_told(tmp_path, authority, capsys):
    configure(tmp_path, authority, "https://127.0.0.1:9/services")
    assert run(tmp_path, "existence", *PATIENT) == 1
    shown = capsys.readouterr().err
    assert "Erreur :" in shown
    assert "À faire :" in shown


def test_a_configuration_without_dmp_is_told(tmp_path, authority, capsys):
    configure(tmp_path, authority, "https://127.0.0.1:9/services")
    write_configuration(Configuration(Profil.BAC_A_SABLE, LPS, CABINET), tmp_path / "opensegur.toml")
    assert run(tmp_path, "existence", *PATIENT) == 1
    assert "dmp.url" in capsys.readouterr().err


def test_the_connection_is_mutual(dmp, tmp_path, capsys):
    Authority("AUTRE AUTORITE").issue("AUTH_CLI").write(tmp_path, "auth")
    assert run(tmp_path, "existence", *PATIENT) == 1
    assert "Erreur :" in capsys.readouterr().err
    assert dmp.requests == []
