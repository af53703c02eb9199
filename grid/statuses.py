"""Where an issue stands."""

from django.db import models
from django.utils.translation import pgettext_lazy


class Status(models.TextChoices):
    """The binding table of moves names these; 问题 until filed, 网格案件 after."""

    REPORTED = "reported", pgettext_lazy("issue status", "reported")
    CONFIRMING = "confirming", pgettext_lazy("issue status", "being confirmed")
    ACCEPTED = "accepted", pgettext_lazy("issue status", "accepted")
    REFUSED = "refused", pgettext_lazy("issue status", "refused")
    FILED = "filed", pgettext_lazy("issue status", "filed")
    VOID = "void", pgettext_lazy("issue status", "void")
    DISPATCHED = "dispatched", pgettext_lazy("issue status", "dispatched")
    HANDLING = "handling", pgettext_lazy("issue status", "being handled")
    HANDLED = "handled", pgettext_lazy("issue status", "handled")
    VERIFYING = "verifying", pgettext_lazy("issue status", "being verified")
    VERIFIED = "verified", pgettext_lazy("issue status", "verified")
    CLOSED = "closed", pgettext_lazy("issue status", "closed")


BEFORE_DISPATCH = (Status.REPORTED, Status.CONFIRMING, Status.ACCEPTED, Status.FILED)
AT_WORK = (Status.DISPATCHED, Status.HANDLING, Status.HANDLED, Status.VERIFYING, Status.VERIFIED)
OPEN = BEFORE_DISPATCH + AT_WORK
FINAL = (Status.REFUSED, Status.VOID, Status.CLOSED)
NOT_YET_FILED = (Status.REPORTED, Status.CONFIRMING, Status.ACCEPTED, Status.REFUSED, Status.VOID)
