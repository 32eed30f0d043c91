from django.apps import AppConfig


class VigilanceConfig(AppConfig):
    name = "opensegur.cabinet.vigilance"
    label = "vigilance"
    verbose_name = "Vigilance"

    def ready(self) -> None:
        from opensegur.cabinet.envois.ouvrier import add_task
        from opensegur.cabinet.vigilance.ouvrage import run_due

        add_task(run_due)
