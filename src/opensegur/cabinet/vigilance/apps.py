from django.apps import AppConfig


class VigilanceConfig(AppConfig):
    name = "opensegur.cabinet.vigilance"
    label = "vigilance"
    verbose_name = "Vigilance"
