"""Where an enforcement case stands (law.md 5.1, as far as filing)."""

from django.db import models
from django.utils.translation import pgettext_lazy


class Status(models.TextChoices):
    """A lead is opened under verification; what follows after filing is not built yet."""

    VERIFYING = "verifying", pgettext_lazy("case status", "under verification")
    REQUESTED = "requested", pgettext_lazy("case status", "filing requested")
    ENDORSED = "endorsed", pgettext_lazy("case status", "endorsed, to be filed")
    FILED = "filed", pgettext_lazy("case status", "filed, under investigation")
    WITHDRAWN = "withdrawn", pgettext_lazy("case status", "withdrawn")


BEFORE_FILING = (Status.VERIFYING, Status.REQUESTED, Status.ENDORSED)
OPEN = (*BEFORE_FILING, Status.FILED)
NEVER_FILED = (*BEFORE_FILING, Status.WITHDRAWN)
