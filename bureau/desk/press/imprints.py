"""Codes of printed papers, and the making of a PDF that happens once."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import models, transaction

from bureau.desk.models.document import Document
from bureau.desk.models.imprint import Annulment, Imprint
from bureau.desk.press.typesetting import qr_of, typeset
from bureau.desk.subject import facts_of

ALPHABET: Final = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # no look-alikes
LENGTH: Final = 16


@dataclass(frozen=True)
class Made:
    """What a paper is called when it is confirmed: never what it says."""

    kind: str
    number: str
    issuer: str
    title: str
    issued_at: datetime


def new_code() -> str:
    """Sixteen characters that nobody guesses, in four groups: `7K2M-…`."""
    drawn = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    return "-".join(drawn[place : place + 4] for place in range(0, LENGTH, 4))


def normal(code: str) -> str:
    """The code as it is kept, however it was typed."""
    bare = "".join(letter for letter in code.upper() if letter in ALPHABET)
    return "-".join(bare[place : place + 4] for place in range(0, len(bare), 4))


def imprint_of(code: str) -> Imprint | None:
    return Imprint.objects.filter(code=normal(code)).first()


def annul(subject: models.Model, *, at: datetime) -> None:
    """From now on every code of this paper tells that it was withdrawn, and the next copy bears the mark."""
    facts = facts_of(subject) | {"owed_by_id": getattr(subject, "owed_by_id", None)}
    Annulment.objects.create(**facts, at=at)


def annulment_of(document: Document) -> Annulment | None:
    return Annulment.objects.filter(subject_type=document.subject_type_id, subject_id=document.subject_id).first()


def made_once(
    subject: models.Model, made: Made, template: str, values: Callable[[], dict[str, Any]], *, at: datetime
) -> Document:  # fmt: skip
    """The PDF of a paper: typeset the first time it is asked for, and the very same file ever after.

    `values` is asked only then. Two who ask at once get one file: the paper's row is locked.
    """
    standing = printed(subject)
    if standing:
        return standing
    with transaction.atomic():
        type(subject)._base_manager.select_for_update(of=("self",)).get(pk=subject.pk)
        return printed(subject) or keep(subject, made, compose(made, template, values()), at=at)


def printed(subject: models.Model) -> Document | None:
    """The copy that stands: one made before the paper was withdrawn stands no more."""
    found: Document | None = Document.objects.about(subject).standing().filter(kind=Document.Kind.PAPER).last()
    taken_back = annulment_of(found) if found else None
    return None if found and taken_back and found.at < taken_back.at else found


@dataclass(frozen=True)
class Pressed:
    """A paper that was typeset and is not kept yet."""

    code: str
    content: bytes


def compose(made: Made, template: str, values: dict[str, Any]) -> Pressed:
    """Typeset without touching the database: for papers that take long, outside any transaction."""
    code = new_code()
    address = f"{settings.PUBLIC_URL}/verify/{code}/"
    shown = {"code": code, "verify_url": f"{settings.PUBLIC_URL}/verify/", "qr": qr_of(address)}
    named = {"number": made.number, "issuer": made.issuer, "title": made.title}
    return Pressed(code, typeset(template, {**named, **shown, **values}, at=made.issued_at))


@transaction.atomic
def keep_pressed(subject: models.Model, made: Made, pressed: Pressed, *, at: datetime) -> Document:
    """Keep what was composed, unless another file of the same paper stands already; that one is answered then."""
    type(subject)._base_manager.select_for_update(of=("self",)).get(pk=subject.pk)
    return printed(subject) or keep(subject, made, pressed, at=at)


def keep(subject: models.Model, made: Made, pressed: Pressed, *, at: datetime) -> Document:
    digest = hashlib.sha256(pressed.content).hexdigest()
    place = default_storage.save(f"papers/{at:%Y/%m/%d}/{digest}.pdf", ContentFile(pressed.content))
    document = Document.objects.create(
        **facts_of(subject), owed_by_id=getattr(subject, "owed_by_id", None), kind=Document.Kind.PAPER, at=at,
        original=place, file_name=f"{made.number}.pdf", content_type="application/pdf", size=len(pressed.content),
        sha256=digest,
    )  # fmt: skip
    Document.objects.about(subject).standing().filter(kind=Document.Kind.PAPER).exclude(pk=document.pk).update(
        superseded_by=document
    )
    Imprint.objects.create(
        code=pressed.code, document=document, kind=made.kind, number=made.number, issuer=made.issuer, title=made.title,
        issued_at=made.issued_at, sha256=digest,
    )  # fmt: skip
    return document
