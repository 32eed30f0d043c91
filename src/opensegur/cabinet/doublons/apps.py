from django.apps import AppConfig


class DoublonsConfig(AppConfig):
    name = "opensegur.cabinet.doublons"
    label = "doublons"
    verbose_name = "Doublons"
