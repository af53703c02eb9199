"""Messages to me: by name, or to a post that I hold."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from bureau.context import bell_of
from bureau.desk.contributions import SubjectCard
from bureau.desk.fence import cards_of
from bureau.desk.inbox import sent_to
from bureau.desk.models.notice import Notice
from bureau.desk.notices import mark_read
from bureau.desk.paging import page_of
from bureau.desk.telling import Told, told
from bureau.views.desk import UNKNOWN
from bureau.views.who import officer_of


@dataclass(frozen=True)
class Message:
    notice: Notice
    words: Told
    card: SubjectCard


@require_GET
@login_required
def message_list(request: HttpRequest) -> HttpResponse:
    mine = sent_to(request.user)
    unread = mine.filter(is_read=False).count()
    shown = mine.filter(is_read=False) if request.GET.get("unread") else mine
    page = page_of(shown, request.GET)
    cards = cards_of(page.rows)
    rows = [Message(notice, told(notice), cards.get(notice.subject_id, UNKNOWN)) for notice in page.rows]
    context = {"page": page, "rows": rows, "unread": unread, "only_unread": bool(request.GET.get("unread"))}
    return render(request, "bureau/message_list.html", context)


@require_GET
@never_cache
def message_bell(request: HttpRequest) -> HttpResponse:
    """The bell of the frame anew; 401 without a page when the session is over, so that nothing is put in its place."""
    if not request.user.is_authenticated:
        return HttpResponse(status=401)
    return render(request, "components/bell.html", {"frame": bell_of(request.user)})


@require_http_methods(["GET", "POST"])
@login_required
def message_open(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Mark one as read and go to what it is about; a GET too, for the link in a message that left the portal."""
    notice = get_object_or_404(sent_to(request.user), pk=pk)
    mark_read([notice], by=officer_of(request), at=timezone.now())
    card = cards_of([notice]).get(notice.subject_id, UNKNOWN)
    return redirect(card.url or "messages")


@require_POST
@login_required
def message_read_all(request: HttpRequest) -> HttpResponse:
    mark_read(Notice.objects.unread_by(request.user), by=officer_of(request), at=timezone.now())
    return redirect("messages")
