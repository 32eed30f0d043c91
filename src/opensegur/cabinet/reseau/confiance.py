"""Making the workstations trust the practice's own authority: what to type on each system, in French."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Systeme:
    nom: str
    gestes: tuple[str, ...]


def how_to_trust(file: str) -> tuple[Systeme, ...]:
    """``file``: the name of the exported certificate."""
    return (
        Systeme(
            "Windows (Edge, Chrome) : terminal ouvert en administrateur",
            (f'certutil -addstore -f Root "{file}"',),
        ),
        Systeme(
            "Windows, plusieurs postes d’un domaine : stratégie de groupe",
            (
                "Configuration ordinateur › Paramètres Windows › Paramètres de sécurité › Stratégies de clé publique",
                "puis Autorités de certification racines de confiance › Importer",
            ),
        ),
        Systeme(
            "macOS (Safari, Chrome)",
            (f'sudo security add-trusted-cert -d -r trustRoot -k /Library/Keychains/System.keychain "{file}"',),
        ),
        Systeme(
            "Linux Debian, Ubuntu (le système), puis Chromium",
            (
                f'sudo cp "{file}" /usr/local/share/ca-certificates/opensegur.crt && sudo update-ca-certificates',
                f'certutil -d sql:$HOME/.pki/nssdb -A -t C,, -n OpenSegur -i "{file}"',
            ),
        ),
        Systeme(
            "Firefox (il a sa propre liste)",
            (
                "Paramètres › Vie privée et sécurité › Certificats › Afficher les certificats › Autorités › Importer",
                "cocher « Confirmer cette AC pour identifier des sites web »",
                "sur Windows et macOS, Firefox reprend aussi l’autorité installée dans le système",
            ),
        ),
    )
