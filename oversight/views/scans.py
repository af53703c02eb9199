"""Pages of scans: sending one in, and the tray of pages whose QR could not be read; and stacks of papers to print."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from bureau.desk.paging import page_of
from bureau.desk.refusal import Refusal
from bureau.forms_refusals import put_on
from bureau.views.who import officer_of
from oversight import service, stacks
from oversight.actions import assign_page, file_scan, set_page_aside
from oversight.forms import PageForm, ScanForm
from oversight.models import Scan, ScanPage
from oversight.querysets import ScanQuerySet


@require_http_methods(["GET", "POST"])
@login_required
def scans(request: HttpRequest) -> HttpResponse:
    """The tray, the newest scans, and the form that takes another."""
    readable(request)
    if request.method != "POST":
        return shown(request, ScanForm())
    form = ScanForm(request.POST, request.FILES)
    if not form.is_valid():
        return shown(request, form, status=400)
    try:
        scan = file_scan(form.cleaned_data["file"], by=officer_of(request), at=timezone.now())
    except Refusal as refusal:
        return shown(request, form, status=put_on(form, refusal))
    messages.success(request, told(scan))
    return redirect("oversight:scans")


@require_POST
@login_required
def scan_page(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Assign a page of the tray to a paper by its number, or set it aside with a reason."""
    readable(request)
    page = get_object_or_404(ScanPage.objects.visible_to(request.user), pk=pk)
    by, at = officer_of(request), timezone.now()
    form = PageForm(request.POST)
    if not form.is_valid():
        return shown(request, ScanForm(), page=page, page_form=form, status=400)
    try:
        if request.POST.get("verb") == "set_aside":
            set_page_aside(page, form.cleaned_data["why"], by=by, at=at)
            messages.success(request, _("Set aside; the page stays on file with the reason."))
        else:
            assign_page(page, form.cleaned_data["number"], by=by, at=at)
            messages.success(request, _("Filed to %(paper)s.") % {"paper": page.paper})
    except Refusal as refusal:
        return shown(request, ScanForm(), page=page, page_form=form, status=put_on(form, refusal))
    return redirect("oversight:scans")


@require_POST
@login_required
def print_stack(request: HttpRequest) -> HttpResponse:
    """The chosen papers as one PDF: up to 20 at once, more in the background."""
    by, at = officer_of(request), timezone.now()
    keys = [key for key in map(as_key, request.POST.getlist("papers")) if key]
    try:
        papers = stacks.chosen(keys, by)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("oversight:papers")
    if len(papers) > stacks.AT_ONCE:
        return redirect(stacks.order_stack(papers, by=by, at=at))
    answer = HttpResponse(stacks.printed_stack(papers, at=at), content_type="application/pdf")
    answer["Content-Disposition"] = 'inline; filename="papers.pdf"'
    answer["Cache-Control"] = "private, no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def as_key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def shown(
    request: HttpRequest, form: ScanForm, *, page: ScanPage | None = None, page_form: PageForm | None = None,
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    waiting = page_of(ScanPage.objects.waiting().select_related("scan__by").order_by("pk"), request.GET)
    files = service.files_of_pages(waiting.rows)
    forms = [
        (one, files.get(one.pk), page_form if page and page.pk == one.pk and page_form else PageForm(key=str(one.pk)))
        for one in waiting.rows
    ]
    newest = Scan.objects.select_related("by").prefetch_related("pages__paper").order_by("-at", "-pk")[:20]
    context = {"form": form, "page": waiting, "rows": forms, "newest": newest}
    return render(request, "oversight/scans.html", context, status=status)


def told(scan: Scan) -> str:
    pages = list(scan.pages.all())
    filed = [page for page in pages if page.paper_id]
    waiting = sum(page.settled_at is None for page in pages)
    words = ngettext("%(n)d page filed to its paper.", "%(n)d pages filed to their papers.", len(filed))
    said = words % {"n": len(filed)}
    if waiting:
        said += " " + ngettext("%(n)d page waits in the tray.", "%(n)d pages wait in the tray.", waiting) % {
            "n": waiting
        }
    return said


def readable(request: HttpRequest) -> None:
    if request.user.roles_now.isdisjoint(ScanQuerySet.access):  # type: ignore[union-attr]
        raise Http404
