from django.apps import AppConfig


class ConservationConfig(AppConfig):
    name = "opensegur.cabinet.conservation"
    label = "conservation"
    verbose_name = "Conservation"

    def ready(self) -> None:
        from opensegur.cabinet.conservation.menage import forget_daily
        from opensegur.cabinet.envois.ouvrier import add_task

        add_task(forget_daily)
