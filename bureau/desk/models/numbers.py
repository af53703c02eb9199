from django.db import models
from django.utils.translation import gettext_lazy as _


class NumberSeries(models.Model):
    """The counter row of one gap-free series of official numbers: (body, kind, year of issue)."""

    body = models.CharField(_("body"), max_length=40)
    kind = models.CharField(_("kind of paper"), max_length=40)
    year = models.PositiveIntegerField(_("year, or day as a number"))
    last = models.PositiveIntegerField(_("last number taken"), default=0)

    class Meta:
        verbose_name = _("series of numbers")
        verbose_name_plural = _("series of numbers")
        constraints = [
            models.UniqueConstraint(name="one_series_of_a_body_kind_and_year", fields=["body", "kind", "year"])
        ]

    def __str__(self) -> str:
        return f"{self.body} {self.kind} {self.year}: {self.last}"
