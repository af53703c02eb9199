from django.db import models
from django.utils.translation import gettext_lazy as _

from bureau.models.people import Officer


class Figure(models.Model):
    """A figure of a rule from a day on: what it is, why, and who set it. The last one in force counts."""

    name = models.CharField(_("name"), max_length=60)
    value = models.CharField(_("value"), max_length=60)
    valid_from = models.DateField(_("valid from"))
    reason = models.CharField(_("reason"), max_length=200)
    set_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+", verbose_name=_("set by"))
    set_at = models.DateTimeField(_("set at"))

    class Meta:
        ordering = ["name", "-valid_from"]
        verbose_name = _("figure of a rule")
        verbose_name_plural = _("figures of rules")
        constraints = [models.UniqueConstraint(name="one_value_of_a_figure_from_a_day", fields=["name", "valid_from"])]

    def __str__(self) -> str:
        return f"{self.name} = {self.value}"
