from django.apps import AppConfig


class CercleConfig(AppConfig):
    name = "opensegur.cabinet.cercle"
    label = "cercle"
    verbose_name = "Cercle"
