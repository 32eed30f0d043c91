"""From the installation's configuration to a client of the DMP, and from a session to who is asking."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from opensegur.cabinet.certificats.materiel import DOSSIER
from opensegur.cabinet.structures.configuration import configuration_of
from opensegur.dmp import Acteur, DmpClient, DmpSettings, Mode, dmp_transport
from opensegur.dmp.connexion import dmp_point, dmp_signer
from opensegur.foundation.configuration import Configuration
from opensegur.foundation.errors import OpenSegurError
from opensegur.foundation.ports import Signer, SystemClock, Transport

if TYPE_CHECKING:
    from opensegur.cabinet.requete import Qui
    from opensegur.cabinet.structures.models import Structure
    from opensegur.foundation.acteurs import Professionnel


class LectureImpossible(OpenSegurError):
    """This person, logged in this way, cannot read the DMP."""


def client_for(structure: Structure) -> DmpClient:
    """The structure's client, over its own certificates. Raises ``ConfigurationError``."""
    configuration = configuration_of(structure)
    transport, signer = _connexion(configuration)
    return DmpClient(
        transport,
        dmp_point(configuration).url,
        signer,
        structure.valeur(),
        configuration.lps,
        SystemClock(),
        DmpSettings(profil=configuration.profil),
    )


def reader(qui: Qui) -> Acteur:
    """Who reads: reinforced indirect mode, after a login by Pro Santé Connect. Raises ``LectureImpossible``."""
    professionnel = qui.compte.professionnel()
    if qui.psc is None or professionnel is None:
        raise LectureImpossible(
            "DMP_SANS_PSC",
            "La lecture du DMP demande une connexion par Pro Santé Connect.",
            conseil="Déconnectez-vous puis reconnectez-vous avec votre e-CPS ou votre carte CPS.",
        )
    return Acteur(professionnel, Mode.INDIRECTE_RENFORCEE, qui.psc.moment)


def feeder(professionnel: Professionnel, moment: datetime) -> Acteur:
    """For whom a document leaves: indirect mode, with the structure's certificates and nobody present."""
    return Acteur(professionnel, Mode.INDIRECTE, moment)


@lru_cache(maxsize=64)
def _connexion(configuration: Configuration) -> tuple[Transport, Signer]:
    """One pool of connections and one key a configuration, for the life of the process."""
    return dmp_transport(configuration), dmp_signer(configuration)


DOSSIER.follow(_connexion.cache_clear)
