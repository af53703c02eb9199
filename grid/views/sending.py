"""A form on its way in: its photos, those that wait from an earlier sending, and what becomes of them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest

from bureau.desk.refusal import Refusal, Several, as_errors
from grid.forms import put_on
from grid.forms.photos import HoldsPhotos
from grid.kept_photos import Kept, forget, keep, kept_by

AT_PHOTOS = frozenset({"/file", "/photos", "/right_photo"})


def sent(request: HttpRequest) -> tuple[Any, Any]:
    """What binds a form: what was sent and its files, or nothing for a page that is only looked at."""
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


class Sending:
    """One POST of a form that may hold photos. Nothing here decides: actions take the files, refusals come back."""

    def __init__(self, request: HttpRequest, form: Any) -> None:
        self.request, self.form = request, form
        self.holds = isinstance(form, HoldsPhotos) and form.is_bound
        token = request.POST.get("kept", "") if self.holds else ""
        self.kept = kept_by(request.session, token) if token else Kept()

    def files(self) -> list[UploadedFile]:
        """What waited and what came now, in this order."""
        return [*self.kept.files(), *self.form.cleaned_data.get("photos", ())] if self.holds else []

    def arrived(self) -> None:
        forget(self.request.session, self.kept)

    def take_back(self, refusal: Refusal | None, at: datetime) -> None:
        """Put the refusal on the form, name every file that is no photo, and let the others wait."""
        bad_files = self._let_photos_wait(at) if self.holds else []
        if refusal is None or self.form is None:
            return
        defects = as_errors(refusal)
        if bad_files:
            defects = [defect for defect in defects if defect.pointer not in AT_PHOTOS]
        if defects:
            put_on(self.form, Several(defects))

    def _let_photos_wait(self, at: datetime) -> list[tuple[str, Refusal]]:
        uploads = self.request.FILES.getlist("photos")
        kept, refused = keep(self.request.session, self.kept, uploads, at) if uploads else (self.kept, [])
        for name, refusal in refused:
            self.form.add_error("photos", f"{name}: {refusal}")
        self.form.show_kept(kept.token, kept.shown_names)
        return refused
