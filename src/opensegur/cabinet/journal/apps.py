from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "opensegur.cabinet.journal"
    label = "journal"
    verbose_name = "Journal des accès"
