from django.apps import AppConfig


class MedicalConfig(AppConfig):
    name = "opensegur.cabinet.medical"
    label = "medical"
    verbose_name = "Dossier médical"
