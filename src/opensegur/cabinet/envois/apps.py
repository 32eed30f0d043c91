from django.apps import AppConfig


class EnvoisConfig(AppConfig):
    name = "opensegur.cabinet.envois"
    label = "envois"
    verbose_name = "Envois"
