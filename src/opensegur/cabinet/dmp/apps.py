from django.apps import AppConfig


class DmpConfig(AppConfig):
    name = "opensegur.cabinet.dmp"
    label = "dmp"
    verbose_name = "Dossier Médical Partagé"

    def ready(self) -> None:
        from opensegur.cabinet.dmp.expediteur import DepotDmp
        from opensegur.cabinet.envois.expediteurs import register

        register("dmp", "depot", DepotDmp)
