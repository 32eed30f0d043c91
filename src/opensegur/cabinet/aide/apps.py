from django.apps import AppConfig


class AideConfig(AppConfig):
    name = "opensegur.cabinet.aide"
    label = "aide"
    verbose_name = "Aide"
