from django.apps import AppConfig


class CertificatsConfig(AppConfig):
    name = "opensegur.cabinet.certificats"
    label = "certificats"
    verbose_name = "Certificats"

    def ready(self) -> None:
        from opensegur.cabinet.certificats.tournee import check_due
        from opensegur.cabinet.envois.ouvrier import add_task

        add_task(check_due)
