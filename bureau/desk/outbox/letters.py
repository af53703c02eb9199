"""Dead letters: what could not be delivered, tried again or set aside by a person, each with a line of trail."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bureau.desk.models.delivery import Delivery
from bureau.desk.models.notice import Notice
from bureau.desk.outbox.spreading import spread
from bureau.desk.refusal import IllegalTransition, NotYourMove, required
from bureau.desk.trail import write_entry
from bureau.models.people import Officer, Posting
from bureau.models.roles import Role

State = Delivery.State
KEEPERS = (Role.SYSADMIN,)


@transaction.atomic
def retry_delivery(delivery: Delivery, *, by: Officer, at: datetime) -> None:
    """Queue it again with all its tries. Raises NotYourMove, or IllegalTransition when it is not dead."""
    posting = keeper(by)
    lock_dead(delivery, by)
    reset(delivery, state=State.QUEUED, tries=0, due_at=at, settled_at=None, why="")
    write_entry(delivery, "retry", by=by, at=at, posting=posting, source=State.DEAD, target=State.QUEUED)


@transaction.atomic
def drop_delivery(delivery: Delivery, *, note: str, by: Officer, at: datetime) -> None:
    """Set it aside with a reason. Raises as `retry_delivery`, and BadValue without a note."""
    posting = keeper(by)
    if not note.strip():
        raise required("note")
    lock_dead(delivery, by)
    reset(delivery, state=State.DROPPED, settled_at=at)
    write_entry(delivery, "drop", by=by, at=at, posting=posting, source=State.DEAD, target=State.DROPPED, note=note)


@transaction.atomic
def retry_notice(notice: Notice, *, by: Officer, at: datetime) -> None:
    """Let a message be spread again that failed at every try inside the portal, or that reached nobody.

    Raises NotYourMove, or IllegalTransition when it waits for nobody.
    """
    posting = keeper(by)
    notice.refresh_from_db(from_queryset=Notice.objects.select_for_update(of=("self",)))
    if Notice.objects.stuck().filter(pk=notice.pk).exists():
        Notice.objects.filter(pk=notice.pk).update(tries=0, retry_at=None)
    elif Notice.objects.unheard().filter(pk=notice.pk).exists():
        spread(notice, at=at)
        notice.save(update_fields=["is_unheard"])
    else:
        raise IllegalTransition(_("This message waits no longer for anybody."))
    write_entry(notice, "retry", by=by, at=at, posting=posting)


def keeper(by: Officer) -> Posting:
    posting = next((post for post in by.postings_now if post.role in KEEPERS), None)
    if posting is None:
        raise NotYourMove(_("Only a system administrator tends the outbox."))
    return posting


def lock_dead(delivery: Delivery, by: Officer) -> None:
    mine = Delivery.objects.visible_to(by).select_for_update(of=("self",))
    delivery.refresh_from_db(from_queryset=mine)
    if delivery.state != State.DEAD:
        raise IllegalTransition(_("Only while the delivery counts as undeliverable."))


def reset(delivery: Delivery, **columns: object) -> None:
    for name, value in columns.items():
        setattr(delivery, name, value)
    delivery.save(update_fields=list(columns))
