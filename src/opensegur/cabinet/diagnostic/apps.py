from django.apps import AppConfig


class DiagnosticConfig(AppConfig):
    name = "opensegur.cabinet.diagnostic"
    label = "diagnostic"
    verbose_name = "Diagnostic"
