from django.apps import AppConfig


class GuichetConfig(AppConfig):
    name = "opensegur.cabinet.guichet"
    label = "guichet"
    verbose_name = "Guichet"
