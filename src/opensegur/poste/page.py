"""The agent's own page: what this workstation can do, who is paired, and the question when a server asks.

No script at all; forms are answered by the agent alone (``form-action 'self'``).
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any
from urllib.parse import urlencode

from opensegur.poste.jumelage import Demande, Jumelage
from opensegur.poste.requetes import Reponse

_STYLE = (
    "body{font:17px/1.5 system-ui,sans-serif;max-width:42rem;margin:2rem auto;padding:0 1rem;color:#1b2733;"
    "background:#f6f7f8}h1{font-size:1.4rem}section{background:#fff;border:1px solid #d5dade;border-radius:8px;"
    "padding:1rem 1.25rem;margin:1rem 0}.code{font-size:2rem;letter-spacing:.1em;font-weight:700}button{font:inherit;"
    "padding:.45rem 1rem;border-radius:6px;border:1px solid #1d5c8a;background:#fff;color:#1d5c8a;cursor:pointer}"
    "button.oui{background:#1d5c8a;color:#fff}form{display:inline-block;margin-right:.5rem}li{margin:.5rem 0}"
    "small{color:#51606e;display:block}b.attention,b.absent{color:#8a3b12}"
)
_CSP = "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
"""The style is a file of its own: nothing inline."""
STYLE = "/style.css"


def style() -> Reponse:
    return Reponse(200, _STYLE.encode(), {"content-type": "text/css; charset=utf-8"})


def answer_to(demande: Demande) -> str:
    """The body of the form that answers ``demande``, and no other that came meanwhile."""
    return urlencode({"code": demande.code, "origine": demande.jumelage.origine})


def render(state: Mapping[str, Any], jumelage: Jumelage | None, demande: Demande | None) -> Reponse:
    parts = [_asked(demande)] if demande else []
    parts += [_paired(jumelage), _abilities(state)]
    text = (
        '<!doctype html><html lang="fr"><head><meta charset="utf-8"><meta name="viewport" '
        'content="width=device-width">'
        f'<title>Agent du poste</title><link rel="stylesheet" href="{STYLE}"></head>'
        f"<body><h1>OpenSégur, agent du poste</h1>{''.join(parts)}</body></html>"
    )
    headers = {
        "content-type": "text/html; charset=utf-8",
        "content-security-policy": _CSP,
        "x-frame-options": "DENY",
        "cross-origin-opener-policy": "same-origin",
    }
    return Reponse(200, text.encode(), headers)


def _asked(demande: Demande) -> str:
    origin, structure = escape(demande.jumelage.origine), escape(demande.jumelage.structure)
    hidden = (
        f'<input type="hidden" name="code" value="{escape(demande.code)}">'
        f'<input type="hidden" name="origine" value="{origin}">'
    )
    return (
        f"<section><h2>Jumeler ce poste ?</h2><p><strong>{origin}</strong> ({structure}) demande à se servir des "
        "cartes et des lecteurs de ce poste.</p><p>Le code affiché dans le cabinet doit être le même :</p>"
        f'<p class="code">{escape(demande.code)}</p>'
        f'<form method="post" action="/accepter">{hidden}<button class="oui">Accepter</button></form>'
        f'<form method="post" action="/refuser">{hidden}<button>Refuser</button></form>'
        "<p><small>Si vous n’avez rien demandé dans le cabinet, refusez.</small></p></section>"
    )


def _paired(jumelage: Jumelage | None) -> str:
    if jumelage is None:
        return (
            "<section><h2>Jumelage</h2><p>Ce poste n’est jumelé avec aucun serveur. Ouvrez le cabinet dans ce "
            "navigateur, puis <em>Mon compte › Ce poste</em>.</p></section>"
        )
    return (
        f"<section><h2>Jumelage</h2><p>Ce poste sert <strong>{escape(jumelage.origine)}</strong> "
        f"({escape(jumelage.structure)}), et personne d’autre.</p>"
        '<form method="post" action="/oublier"><button>Oublier ce serveur</button></form></section>'
    )


def _abilities(state: Mapping[str, Any]) -> str:
    lines = "".join(
        f'<li><b class="{escape(each["niveau"])}">{escape(each["sujet"])}</b> : {escape(each["dit"])}'
        f"<small>{escape(each['geste'])}</small></li>"
        for each in state["constats"]
    )
    version = f"<small>Version {escape(state['version'])}</small>"
    return f"<section><h2>Ce que ce poste sait faire</h2><ul>{lines}</ul>{version}</section>"
