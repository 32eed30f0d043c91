from django.apps import AppConfig


class PatientsConfig(AppConfig):
    name = "opensegur.cabinet.patients"
    label = "patients"
    verbose_name = "Patients"
