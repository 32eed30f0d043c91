"""The workshop: writes messages, signs them, hands them to the simulator. Nothing of opensegur.dmp."""

from __future__ import annotations

import base64
import sqlite3
import uuid
from dataclasses import replace

from lxml import etree
from signxml import DigestAlgorithm, SignatureMethod
from signxml.algorithms import CanonicalizationMethod

from atelier_dmp.lot import (
    HAS_MEMBER,
    NAMESPACES,
    RPLC,
    SIGNS,
    Doc,
    Lot,
    association_text,
    cx,
    entry_text,
    new_uid,
    package_text,
    slot_text,
    write_cda,
)
from atelier_dmp.messages import ACTIONS, APPROVED, SERVICES, SOAP, WSA, WSSE, code_of, demographics, multipart
from atelier_dmp.peuple import AUTRE_INS, FERME, INS, MINEUR, MOMENT, Peuple, Trousseau
from atelier_dmp.porteur import AIR, ES, Porteur, Signataire, assertion_text
from atelier_dmp.xades import sign_lot
from opensegur.sandbox.dmp.contexte import Contexte, Reglages
from opensegur.sandbox.dmp.depot import Depot, Dossier
from opensegur.sandbox.dmp.traitement import Reponse, treat


class Atelier:
    """Writes messages and hands them to the simulator."""

    def __init__(self, trousseau: Trousseau, connection: sqlite3.Connection) -> None:
        self.trousseau = trousseau
        self.peuple = Peuple()
        self.depot = Depot(connection)
        self.depot.create()
        self.reglages = Reglages()
        self.moment = MOMENT
        self.dernier: Contexte | None = None
        for ins in (INS, AUTRE_INS, MINEUR):
            self.depot.save_dossier(Dossier(ins))
        self.depot.save_dossier(
            Dossier(FERME, ferme_le="20260101120000", ferme_motif="FERMETURE_DEMANDE_PATIENT", ferme_raison="essai")
        )

    def contexte(self, auth: str | None) -> Contexte:
        certificate = self.trousseau.paires[auth][0] if auth else None
        self.dernier = Contexte(
            self.moment, self.reglages, self.trousseau.confiance, self.peuple, self.depot, certificate
        )
        return self.dernier

    def vihf(self, porteur: Porteur = ES) -> etree._Element:
        certificate, key = self.trousseau.paires[porteur.sign]
        issuer = porteur.issuer if porteur.issuer is not None else certificate.subject.rfc4514_string()
        identifiant = f"_{uuid.uuid4()}"
        assertion = etree.fromstring(assertion_text(porteur, issuer, identifiant))
        if porteur.avant_signature:
            porteur.avant_signature(assertion)
        signer = Signataire(
            signature_algorithm=SignatureMethod.RSA_SHA1 if porteur.sha1 else SignatureMethod.RSA_SHA256,
            digest_algorithm=DigestAlgorithm.SHA1 if porteur.sha1 else DigestAlgorithm.SHA256,
            c14n_algorithm=CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0,
        )
        signed = signer.sign(
            assertion, key=key, cert=[certificate], reference_uri=f"#{identifiant}", id_attribute="ID"
        )
        if porteur.apres_signature:
            porteur.apres_signature(signed)
        return signed

    def envelope(self, action: str, body: etree._Element, vihf: etree._Element | None) -> etree._Element:
        root = etree.fromstring(
            f'<soap:Envelope xmlns:soap="{SOAP}" xmlns:wsa="{WSA}"><soap:Header><wsa:MessageID>urn:uuid:{uuid.uuid4()}'
            f'</wsa:MessageID><wsa:To/><wsa:ReplyTo soap:mustUnderstand="true"><wsa:Address>{WSA}/anonymous'
            f'</wsa:Address></wsa:ReplyTo><wsa:Action soap:mustUnderstand="true">{action}</wsa:Action>'
            f'<wsse:Security xmlns:wsse="{WSSE}"/></soap:Header><soap:Body/></soap:Envelope>'
        )
        if vihf is not None:
            root[0][-1].append(vihf)
        root[1].append(body)
        return root

    def send(self, td: str, body: str | etree._Element, porteur: Porteur = ES, **options: object) -> Reponse:
        element = etree.fromstring(body) if isinstance(body, str) else body
        envelope = self.envelope(ACTIONS[td], element, self.vihf(porteur))
        alter = options.get("altere")
        if callable(alter):
            alter(envelope)
        return self.post(SERVICES[td], etree.tostring(envelope), auth=str(options.get("auth", porteur.auth)))

    def post(
        self,
        service: str,
        data: bytes,
        content_type: str = "application/soap+xml; charset=utf-8",
        auth: str | None = "es-auth",
    ) -> Reponse:
        return treat(service, content_type, data, self.contexte(auth))

    def lot_message(self, lot: Lot, porteur: Porteur) -> tuple[bytes, str]:
        docs = [replace(doc, uid=doc.uid or new_uid()) for doc in lot.docs]
        lot.docs = docs
        names = {f"Document{index:02d}": doc for index, doc in enumerate(docs, start=1)}
        contents = {name: write_cda(doc) if doc.cda is None else doc.cda for name, doc in names.items()}
        paire = self.trousseau.paires[lot.sign or porteur.sign]
        by_uid = {doc.uid: contents[name] for name, doc in names.items()}
        parts = [package_text(lot.uid, lot.ins)]
        parts += [entry_text(name, doc, contents[name]) for name, doc in names.items()]
        parts += [association_text(HAS_MEMBER, "Lot", name) for name in names]
        parts += [association_text(RPLC, name, doc.remplace, "") for name, doc in names.items() if doc.remplace]
        if not lot.sans_signature:
            signature = sign_lot(lot.uid, by_uid, paire, sha1=lot.sha1, coupe=lot.coupe_signature)
            contents["Signature"] = signature
            parts.append(entry_text("Signature", Doc(uid=new_uid(), ins=lot.ins), signature, signature=True))
            parts.append(association_text(HAS_MEMBER, "Lot", "Signature"))
            parts.append(association_text(SIGNS, "Signature", "Lot"))
        objects = sorted(parts, key=lambda part: part.startswith("<rim:Association"))
        request = etree.fromstring(
            f"<xds:ProvideAndRegisterDocumentSetRequest {NAMESPACES}><lcm:SubmitObjectsRequest><rim:RegistryObjectList>"
            f"{''.join(objects)}</rim:RegistryObjectList></lcm:SubmitObjectsRequest>"
            "</xds:ProvideAndRegisterDocumentSetRequest>"
        )
        if lot.liste:
            lot.liste(request[0][0])
        if lot.documents:
            lot.documents(contents)
        for name, content in contents.items():
            document = etree.SubElement(request, "{urn:ihe:iti:xds-b:2007}Document", id=name)
            if lot.en_ligne:
                document.text = base64.b64encode(content).decode()
            else:
                include = etree.SubElement(document, "{http://www.w3.org/2004/08/xop/include}Include")
                include.set("href", f"cid:{name}@lps")
        if lot.requete:
            lot.requete(request)
        envelope = self.envelope(ACTIONS["iti41"], request, self.vihf(porteur))
        return multipart(etree.tostring(envelope), {} if lot.en_ligne else contents)

    def feed(self, lot: Lot | None = None, porteur: Porteur = ES) -> Reponse:
        body, content_type = self.lot_message(lot or Lot(), porteur)
        return self.post("repository", body, content_type, porteur.auth)

    def query(
        self,
        requete: str,
        slots: dict[str, str],
        porteur: Porteur = AIR,
        *,
        retour: str = "LeafClass",
        **options: object,
    ) -> Reponse:
        inner = "".join(slot_text(name.partition("#")[0], value) for name, value in slots.items())
        body = (
            f'<query:AdhocQueryRequest {NAMESPACES}><query:ResponseOption returnComposedObjects="true"'
            f' returnType="{retour}"/><rim:AdhocQuery id="urn:uuid:{requete}">{inner}</rim:AdhocQuery>'
            "</query:AdhocQueryRequest>"
        )
        return self.send("iti18", body, porteur, **options)

    def find(self, porteur: Porteur = AIR, **slots: str) -> list[etree._Element]:
        """The entries that FindDocuments answers."""
        asked = {
            "$XDSDocumentEntryPatientId": f"'{cx(porteur.ins or '')}'",
            "$XDSDocumentEntryStatus": f"('{APPROVED}')",
        }
        asked |= {f"$XDSDocumentEntry{name}": value for name, value in slots.items()}
        answer = self.query("14d4debf-8f97-4251-9a74-a90016b0af0d", asked, porteur)
        assert code_of(answer) == "", code_of(answer)
        return etree.fromstring(answer.corps).findall(".//{*}ExtrinsicObject")

    def retrieve(self, uids: list[str], porteur: Porteur = AIR, depot: str = "1.2.250.1.213.4.1.1.1.2") -> Reponse:
        inner = "".join(
            f"<xds:DocumentRequest><xds:RepositoryUniqueId>{depot}</xds:RepositoryUniqueId><xds:DocumentUniqueId>{uid}"
            "</xds:DocumentUniqueId></xds:DocumentRequest>"
            for uid in uids
        )
        return self.send(
            "iti43", f"<xds:RetrieveDocumentSetRequest {NAMESPACES}>{inner}</xds:RetrieveDocumentSetRequest>", porteur
        )

    def authorize(self, porteur: Porteur = AIR, action: str = "AJOUT", role: str = "") -> Reponse:
        inner = f"<role>{role}</role>" if role else ""
        body = (
            f'<setAuthorization xmlns="urn:si-dmp-habilitations"><action>{action}</action>{inner}</setAuthorization>'
        )
        return self.send("setAuthorization", body, porteur)

    def exists(self, porteur: Porteur = AIR, **options: object) -> Reponse:
        return self.send("patients", demographics(porteur.ins or INS), porteur, **options)
