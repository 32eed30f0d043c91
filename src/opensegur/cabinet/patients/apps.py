from django.apps import AppConfig
from django.db.models import CharField


class PatientsConfig(AppConfig):
    name = "opensegur.cabinet.patients"
    label = "patients"
    verbose_name = "Patients"

    def ready(self) -> None:
        from opensegur.cabinet.patients.prefixe import Prefixe

        CharField.register_lookup(Prefixe)
