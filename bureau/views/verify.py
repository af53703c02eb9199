"""Anybody confirms a printed paper by its code: that it is ours, its number and date, never what it says."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from bureau.desk.press import annulment_of, imprint_of


@never_cache
@require_GET
def verify(request: HttpRequest, code: str = "") -> HttpResponse:
    """The form, and below it what the code confirms; an unknown code is answered alike whatever it is."""
    typed = request.GET.get("code", "").strip()
    if typed:
        return redirect("verify-code", code=typed[:40].replace("/", "-"))
    imprint = imprint_of(code) if code else None
    status = 404 if code and imprint is None else 200
    withdrawn = annulment_of(imprint.document) if imprint else None
    context = {"code": code, "imprint": imprint, "withdrawn": withdrawn}
    return render(request, "bureau/verify.html", context, status=status)
