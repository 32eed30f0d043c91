from django.apps import AppConfig


class ComptesConfig(AppConfig):
    name = "opensegur.cabinet.comptes"
    label = "comptes"
    verbose_name = "Comptes"
