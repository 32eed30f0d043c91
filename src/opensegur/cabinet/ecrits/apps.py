from django.apps import AppConfig


class EcritsConfig(AppConfig):
    name = "opensegur.cabinet.ecrits"
    label = "ecrits"
    verbose_name = "Écrits"
