"""How often each reader was asked, how it went and how long it took: counters that only rise, for monitoring."""

from django.db import models

# Upper bounds in seconds of the columns below; the last one, without a bound, is `calls` itself.
BOUNDS = {"within_1": 1.0, "within_3": 3.0, "within_10": 10.0}


class ReaderCalls(models.Model):
    """All calls of one reader that ended with one code, '' for a reading."""

    reader = models.CharField(max_length=32)
    code = models.CharField(max_length=100, blank=True)
    calls = models.PositiveBigIntegerField(default=0)
    seconds = models.FloatField(default=0)
    within_1 = models.PositiveBigIntegerField(default=0)
    within_3 = models.PositiveBigIntegerField(default=0)
    within_10 = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["reader", "code"], name="one_count_a_reader_and_code")]

    def __str__(self) -> str:
        return f"{self.reader} {self.code}"
