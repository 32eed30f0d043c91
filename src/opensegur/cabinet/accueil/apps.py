from django.apps import AppConfig


class AccueilConfig(AppConfig):
    name = "opensegur.cabinet.accueil"
    label = "accueil"
    verbose_name = "Accueil"
