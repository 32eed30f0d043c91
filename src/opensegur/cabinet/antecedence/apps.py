from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_delete, post_migrate


class AntecedenceConfig(AppConfig):
    name = "opensegur.cabinet.antecedence"
    label = "antecedence"
    verbose_name = "Recherche d’antériorité"

    def ready(self) -> None:
        post_delete.connect(_forget, sender="patients.Patient", dispatch_uid="antecedence.forget")
        post_migrate.connect(_complete, sender=self, dispatch_uid="antecedence.complete")


def _forget(instance: Any, **_: Any) -> None:
    from opensegur.cabinet.antecedence.ecriture import forget_patients

    forget_patients([instance])


def _complete(using: str, **_: Any) -> None:
    """Records older than the index are brought into it when the application is brought to the present."""
    if using == "default":
        from opensegur.cabinet.antecedence.reconstruction import complete

        complete()
