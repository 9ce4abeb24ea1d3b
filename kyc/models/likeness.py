"""How pictures are found again: bands of a perceptual hash, each through the keyed index, never the hash itself."""

from django.db import models

from kyc.models.document import Document


class PictureBand(models.Model):
    """One band of one picture's hash. An index, not evidence: erasure removes it."""

    document = models.ForeignKey(Document, models.CASCADE, related_name="bands")
    band = models.PositiveSmallIntegerField()
    lookup = models.BinaryField(max_length=16)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["document", "band"], name="one_band_a_place")]
        indexes = [models.Index(fields=["lookup"], name="picture_lookup")]

    def __str__(self) -> str:
        return f"band {self.band}"
