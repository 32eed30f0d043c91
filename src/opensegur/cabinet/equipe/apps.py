from django.apps import AppConfig


class EquipeConfig(AppConfig):
    name = "opensegur.cabinet.equipe"
    label = "equipe"
    verbose_name = "Équipe"
