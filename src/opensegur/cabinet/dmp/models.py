"""What the practice itself keeps about a patient's DMP: consent. The rest is asked of the DMP each time."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Consentement(models.Model):
    """The patient's consent to consultation, recorded before the authorisation is added (TD0.3).

    Kept locally by the care software, with who collected it and when; a withdrawal is another row, so that the
    history stays.
    """

    class Sens(models.TextChoices):
        DONNE = "donne", "donné"
        RETIRE = "retire", "retiré"

    structure = models.ForeignKey("structures.Structure", on_delete=models.PROTECT, related_name="+")
    patient = models.ForeignKey("patients.Patient", on_delete=models.PROTECT, related_name="consentements_dmp")
    professionnel = models.CharField(max_length=80)
    sens = models.CharField(max_length=8, choices=Sens)
    recueilli_le = models.DateTimeField()
    recueilli_par = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [
            models.Index(fields=["patient", "professionnel", "-recueilli_le"], name="dmp_consentement_dernier")
        ]

    def __str__(self) -> str:
        return f"{self.professionnel} {self.sens} {self.recueilli_le:%Y-%m-%d}"
