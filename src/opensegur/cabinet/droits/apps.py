from django.apps import AppConfig


class DroitsConfig(AppConfig):
    name = "opensegur.cabinet.droits"
    label = "droits"
    verbose_name = "Droits"
