from django.apps import AppConfig


class PortabiliteConfig(AppConfig):
    name = "opensegur.cabinet.portabilite"
    label = "portabilite"
    verbose_name = "Portabilité"
