from django.apps import AppConfig


class PostesConfig(AppConfig):
    name = "opensegur.cabinet.postes"
    label = "postes"
    verbose_name = "Postes de travail"
