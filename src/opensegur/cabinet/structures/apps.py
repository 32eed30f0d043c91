from django.apps import AppConfig


class StructuresConfig(AppConfig):
    name = "opensegur.cabinet.structures"
    label = "structures"
    verbose_name = "Structures"
