from django.apps import AppConfig


class BannetteConfig(AppConfig):
    name = "opensegur.cabinet.bannette"
    label = "bannette"
    verbose_name = "Bannette"
