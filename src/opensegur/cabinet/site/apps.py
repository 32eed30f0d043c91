from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "opensegur.cabinet.site"
    label = "site"
    verbose_name = "Cadre"
