"""Rows of the desk, fenced by the nouns they are about: a kind that a person may not read shows no row."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, Q

from bureau.desk.contributions import SubjectCard, SubjectKind, kind_of, subject_kinds
from bureau.desk.scope import Grant, Projection, Reach, ScopedQuerySet
from bureau.desk.subject import SubjectQuerySet
from bureau.models.people import Posting
from bureau.models.roles import Role


@dataclass(frozen=True)
class Sight:
    """What one person sees of one kind of subject."""

    kind: SubjectKind
    content_type: ContentType
    projection: Projection


def sights_of(officer: Any) -> dict[int, Sight]:
    """The kinds of subject this person may read, by content type."""
    found = {}
    for kind in subject_kinds:
        access = access_of(kind.model)
        if access is not None and any(Role(post.role) in access for post in officer.postings_now):
            content_type = ContentType.objects.get_for_model(kind.model)
            projection = kind.model._default_manager.all().projection_for(officer)  # type: ignore[attr-defined]
            found[content_type.pk] = Sight(kind, content_type, projection)
    return found


def access_of(model: type[Model]) -> Mapping[Role, Grant] | None:
    queryset: Any = model._default_manager.all()
    return queryset.access if isinstance(queryset, ScopedQuerySet) else None


def fenced(rows: SubjectQuerySet, officer: Any) -> SubjectQuerySet:
    """The rows within reach of the person, kind by kind, each by the reach that its own noun gives."""
    reach = Q(pk__in=[])
    for content_type_id, sight in sights_of(officer).items():
        reach |= Q(subject_type_id=content_type_id) & reach_of_kind(rows, sight.kind.model, officer)
    return rows.visible_to(officer).filter(reach)


def reach_of_kind(rows: SubjectQuerySet, model: type[Model], officer: Any) -> Q:
    access = access_of(model) or {}
    reach = Q(pk__in=[])
    for post in officer.postings_now:
        grant = access.get(Role(post.role))
        if grant is None:
            continue
        if grant.reach is Reach.EVERY:
            return Q()
        reach |= reach_of_post(rows, model, post, grant.reach, officer)
    return reach


def reach_of_post(rows: SubjectQuerySet, model: type[Model], post: Posting, reach: Reach, officer: Any) -> Q:
    if reach is Reach.UNIT:
        return rows.reach_of(post, Reach.UNIT)
    mine: Any = model._default_manager.all()
    return Q(subject_id__in=mine.visible_to(officer).values("pk"))


def cards_of(rows: Iterable[Any]) -> dict[Any, SubjectCard]:
    """The card of each row's subject, one query a kind."""
    wanted: dict[int, set[Any]] = {}
    for row in rows:
        wanted.setdefault(row.subject_type_id, set()).add(row.subject_id)
    found: dict[Any, SubjectCard] = {}
    for content_type_id, ids in wanted.items():
        model = ContentType.objects.get_for_id(content_type_id).model_class()
        kind = kind_of(model) if model else None
        if kind is not None:
            found.update(kind.cards(ids))
    return found
