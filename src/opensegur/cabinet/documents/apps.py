from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "opensegur.cabinet.documents"
    label = "documents"
    verbose_name = "Documents"
