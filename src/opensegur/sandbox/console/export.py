"""One exchange as one file: a ZIP with its description in JSON and the raw bytes both ways."""

from __future__ import annotations

import io
import json
import zipfile

from opensegur.sandbox.console.lecture import extension
from opensegur.sandbox.exchanges import Exchange, verdict_as_data


def export_exchange(exchange: Exchange) -> bytes:
    """``echange.json``, ``requete.…`` and ``reponse.…``; the bytes are exactly those of the wire."""
    request = f"requete.{extension(dict(exchange.entetes_requete))}"
    answer = f"reponse.{extension(dict(exchange.entetes_reponse))}"
    description = {
        "numero": exchange.id,
        "service": exchange.service,
        "operation": exchange.operation,
        "moment": exchange.moment.isoformat(),
        "duree_ms": exchange.duree_ms,
        "certificat_client": exchange.pair,
        "requete": {
            "methode": exchange.methode,
            "chemin": exchange.chemin,
            "entetes": exchange.entetes_requete,
            "corps": request,
        },
        "reponse": {"statut": exchange.statut, "entetes": exchange.entetes_reponse, "corps": answer},
        "verdict": verdict_as_data(exchange.verdict),
        "resume": dict(exchange.resume),
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        _add(archive, exchange, "echange.json", json.dumps(description, ensure_ascii=False, indent=2).encode())
        _add(archive, exchange, request, exchange.requete)
        _add(archive, exchange, answer, exchange.reponse)
    return buffer.getvalue()


def _add(archive: zipfile.ZipFile, exchange: Exchange, name: str, data: bytes) -> None:
    # dated by the exchange, so that the same exchange gives the same file
    info = zipfile.ZipInfo(name, exchange.moment.timetuple()[:6])
    info.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(info, data)
