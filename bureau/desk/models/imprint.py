import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from bureau.desk.ids import uuid7
from bureau.desk.models.document import Document
from bureau.desk.subject import AboutSubject, SubjectQuerySet


class Imprint(models.Model):
    """The code printed on a paper: by it anybody confirms that the paper is ours, without seeing what it says."""

    code = models.CharField(_("verification code"), max_length=24, primary_key=True)
    document = models.OneToOneField(Document, models.PROTECT, related_name="imprint", verbose_name=_("document"))
    kind = models.CharField(_("kind of paper"), max_length=30)
    number = models.CharField(_("number of the paper"), max_length=60)
    issuer = models.CharField(_("issued by"), max_length=80)
    title = models.CharField(_("title"), max_length=80)
    issued_at = models.DateTimeField(_("issued at"))
    sha256 = models.CharField(_("SHA-256 of the file"), max_length=64)

    class Meta:
        verbose_name = _("imprint")
        verbose_name_plural = _("imprints")
        triggers = [pgtrigger.Protect(name="imprint_is_never_changed", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return self.code


class Annulment(AboutSubject):
    """That what a printed paper is about was withdrawn: the codes of all its copies tell it from then on."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    at = models.DateTimeField(_("withdrawn at"))

    objects = SubjectQuerySet.as_manager()

    class Meta:
        verbose_name = _("withdrawal of a printed paper")
        verbose_name_plural = _("withdrawals of printed papers")
        constraints = [models.UniqueConstraint(name="a_paper_is_annulled_once", fields=["subject_id", "subject_type"])]
        triggers = [pgtrigger.Protect(name="annulment_is_never_changed", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.subject_id} {self.at:%Y-%m-%d}"
