from django.apps import AppConfig


class ImportsConfig(AppConfig):
    name = "opensegur.cabinet.imports"
    label = "imports"
    verbose_name = "Imports"
