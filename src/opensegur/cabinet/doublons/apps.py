from django.apps import AppConfig


class DoublonsConfig(AppConfig):
    name = "opensegur.cabinet.doublons"
    label = "doublons"
    verbose_name = "Doublons"

    def ready(self) -> None:
        from opensegur.cabinet.doublons.ouvrage import start_due
        from opensegur.cabinet.envois.ouvrier import add_task

        add_task(start_due)
