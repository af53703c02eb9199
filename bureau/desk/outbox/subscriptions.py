"""Systems that are told by webhook: named by an administrator, each with a secret that is shown once."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from bureau.desk.contributions import notice_kinds
from bureau.desk.models.delivery import Delivery
from bureau.desk.models.subscription import Subscription
from bureau.desk.outbox.addresses import check_url
from bureau.desk.outbox.channels.webhook import PREFIX
from bureau.desk.outbox.letters import keeper
from bureau.desk.refusal import BadValue, IllegalTransition
from bureau.desk.trail import write_entry
from bureau.models.people import Officer
from bureau.models.units import Organisation

State = Delivery.State
SECRET_BYTES = 32


@transaction.atomic
def subscribe(
    organisation: Organisation, url: str, kinds: Iterable[str] = (), *, by: Officer, at: datetime
) -> Subscription:
    """Tell a system of that organisation what the organisation is told; no kinds means all of them.

    Raises NotYourMove, or BadValue for the address or an unknown kind.
    """
    posting = keeper(by)
    chosen = sorted(set(kinds))
    if unknown := [kind for kind in chosen if notice_kinds.get(kind) is None]:
        words = _("There is no such kind of event.")
        raise BadValue(words, code="unknown_kind", pointer="/kinds", remedy=", ".join(unknown))
    secret = PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()
    one = Subscription.objects.create(
        organisation=organisation, url=check_url(url), secret=secret, kinds=chosen, made_by=by, made_at=at
    )
    facts = {"organisation": organisation.code, "url": one.url, "kinds": chosen}
    write_entry(one, "subscribe", by=by, at=at, posting=posting, facts=facts, is_first=True)
    return one


@transaction.atomic
def unsubscribe(subscription: Subscription, *, by: Officer, at: datetime) -> None:
    """Nothing goes there any more; what waits is dropped when its turn comes. Raises NotYourMove."""
    posting = keeper(by)
    open_one(subscription)
    subscription.ended_at = at
    subscription.save(update_fields=["ended_at"])
    write_entry(subscription, "unsubscribe", by=by, at=at, posting=posting)


@transaction.atomic
def replay(subscription: Subscription, *, since: datetime, by: Officer, at: datetime) -> int:
    """Send everything of that system queued since then once more, under the same ids; answers how many.

    Raises NotYourMove, or IllegalTransition when it has ended.
    """
    posting = keeper(by)
    open_one(subscription)
    over = subscription.deliveries.filter(queued_at__gte=since, state__in=(State.SENT, State.DEAD, State.DROPPED))
    count = over.update(state=State.QUEUED, tries=0, due_at=at, settled_at=None, why="")
    facts = {"since": since.isoformat(), "count": count}
    write_entry(subscription, "replay", by=by, at=at, posting=posting, facts=facts)
    return count


def open_one(subscription: Subscription) -> None:
    subscription.refresh_from_db(from_queryset=Subscription.objects.select_for_update())
    if subscription.ended_at is not None:
        raise IllegalTransition(_("This webhook has ended."))
