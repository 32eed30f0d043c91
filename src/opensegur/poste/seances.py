"""Is the screen where the person sits that of this workstation? What the environment tells, as a pure function.

Sources: Windows (SESSIONNAME, CLIENTNAME of Remote Desktop Services), Citrix (SESSIONNAME ICA-…), VMware Horizon
(ViewClient_…), OpenSSH (SSH_CONNECTION), xrdp (XRDP_SESSION), VNC (VNCDESKTOP), X2Go (X2GO_SESSION).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Genre(StrEnum):
    LOCALE = "locale"
    RDP = "bureau à distance"
    CITRIX = "Citrix"
    HORIZON = "VMware Horizon"
    XRDP = "xrdp"
    VNC = "VNC ou X2Go"
    SSH = "SSH"
    AIDE = "prise en main à distance"


@dataclass(frozen=True, slots=True)
class Seance:
    """``dit``: what this means for a card; ``geste``: what to do, "" when there is nothing."""

    genre: Genre
    dit: str
    geste: str = ""


_LOIN = "Le lecteur est là où vous êtes assis, et ce logiciel tourne ailleurs : il ne le voit que s’il est redirigé."
_SEANCES = {
    Genre.LOCALE: Seance(Genre.LOCALE, "Vous travaillez sur ce poste même."),
    Genre.RDP: Seance(
        Genre.RDP,
        f"Vous travaillez par le Bureau à distance. {_LOIN}",
        "Dans la Connexion Bureau à distance : Options › Ressources locales › Autres, cochez « Cartes à puce », puis "
        "reconnectez-vous ; ou lancez l’agent sur le poste où la carte est insérée.",
    ),
    Genre.CITRIX: Seance(
        Genre.CITRIX,
        f"Vous travaillez par Citrix. {_LOIN}",
        "Demandez à votre service informatique la redirection des cartes à puce, ou lancez l’agent sur le "
        "poste où la carte est insérée.",
    ),
    Genre.HORIZON: Seance(
        Genre.HORIZON,
        f"Vous travaillez par VMware Horizon. {_LOIN}",
        "Demandez à votre service informatique d’activer la redirection des cartes à puce.",
    ),
    Genre.XRDP: Seance(
        Genre.XRDP,
        f"Vous travaillez par xrdp. {_LOIN}",
        "xrdp ne redirige pas bien les cartes à puce : lancez l’agent et le navigateur sur le poste où la carte est "
        "insérée.",
    ),
    Genre.VNC: Seance(
        Genre.VNC,
        "Vous travaillez par un écran déporté (VNC, X2Go). Le lecteur du poste où vous êtes assis n’est pas vu ici.",
        "Insérez la carte dans un lecteur de cette machine, ou travaillez sur le poste où elle est.",
    ),
    Genre.SSH: Seance(
        Genre.SSH,
        "L’agent a été lancé par SSH : il sert la machine lointaine, pas celle où vous êtes assis.",
        "Lancez-le dans la session graphique du poste (« opensegur poste installer »).",
    ),
    Genre.AIDE: Seance(
        Genre.AIDE,
        "Quelqu’un semble avoir la main sur ce poste (TeamViewer, AnyDesk…). Le code de la carte tapé ici lui "
        "serait visible.",
        "Ne tapez pas votre code tant que la prise en main dure ; demandez à la personne de se déconnecter.",
    ),
}  # fmt: skip
# programs that run only while somebody has the screen, or that may
_PRISES_EN_MAIN = frozenset(
    {"teamviewer_desktop", "anydesk", "rustdesk", "quickassist", "msra", "screenconnect.windowsclient"}
)


def read_seance(variables: Mapping[str, str], programmes: Collection[str] = ()) -> Seance:
    """``programmes``: the names of those that run, as the system gives them."""
    return _SEANCES[_genre({name.upper(): value for name, value in variables.items()}, programmes)]


def _genre(said: Mapping[str, str], programs: Collection[str]) -> Genre:
    session = said.get("SESSIONNAME", "").upper()
    names = {name.lower().removesuffix(".exe") for name in programs}
    signs = (
        (Genre.CITRIX, session.startswith("ICA-") or any(name.startswith("CITRIX_") for name in said)),
        (Genre.HORIZON, said.get("VIEWCLIENT_MACHINE_NAME")),
        # CLIENTNAME stays behind after a session that went back to the console
        (Genre.RDP, session.startswith("RDP-TCP") or (not session and said.get("CLIENTNAME"))),
        (Genre.XRDP, said.get("XRDP_SESSION")),
        (Genre.VNC, said.get("VNCDESKTOP") or said.get("X2GO_SESSION")),
        (Genre.SSH, said.get("SSH_CONNECTION")),
        (Genre.AIDE, names & _PRISES_EN_MAIN),
    )
    return next((genre for genre, found in signs if found), Genre.LOCALE)
