"""`figures/`: K01 to K16 of a period, whole or by unit, type or organisation."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from bureau.desk.api.errors import refusals_of
from bureau.desk.api.views import ApiView
from bureau.desk.refusal import BadValue, NotYourMove, raise_all
from grid.forms.figures import form_for
from grid.indicators import ALL, GROUPS, READERS, Reading, by_group, readings
from grid.models import Issue

PARAMETERS = ("first", "last", "unit", "type", "organisation", "by")


class FigureOut(serializers.Serializer):
    """`share` is `counted / of`, null when there is nothing to divide by, for a plain number, and where
    `missing` says why it is not recorded.

    `group` is the key of the unit, type or organisation when `by` asks for groups, else an empty text.
    """

    code = serializers.CharField()
    name = serializers.CharField()
    formula = serializers.CharField()
    is_low_better = serializers.BooleanField()
    missing = serializers.CharField(allow_blank=True)
    group = serializers.CharField(allow_blank=True)
    counted = serializers.IntegerField()
    of = serializers.IntegerField()
    share = serializers.FloatField(allow_null=True)


class FigureList(ApiView):
    queryset = Issue.objects.all()
    serializer_class = FigureOut
    scope_name = "figures"
    parameters = frozenset(PARAMETERS)

    @extend_schema(parameters=[OpenApiParameter(name, str) for name in PARAMETERS], responses=FigureOut(many=True))
    def get(self, request: Request) -> Response:
        """Days `first` to `last`, both included (this month unless named); `by` is unit, type or organisation."""
        if request.user.roles_now.isdisjoint(READERS):
            raise NotYourMove(_("The figures are not open to your post."))
        form = form_for(request.query_params, timezone.localdate(self.now()))
        if not form.is_valid():
            raise_all([one for name, errors in form.errors.as_data().items() for error in errors
                       for one in refusals_of(error, f"/{name}")])  # fmt: skip
        group = request.query_params.get("by", "")
        if group and group not in GROUPS:
            raise BadValue(_("Choose one of: unit, type, organisation."), code="invalid_choice", pointer="/by")
        told = self.grouped(form.scope(), group) if group else [
            told_of(one, "") for one in readings(request.user, form.scope(), at=self.now())
        ]  # fmt: skip
        return Response(FigureOut(told, many=True).data)

    def grouped(self, scope: Any, group: str) -> list[dict[str, Any]]:
        return [
            told_of(reading, key)
            for one in ALL
            if not one.missing
            for key, reading in by_group(one, self.request.user, scope, group, at=self.now()).items()
        ]


def told_of(reading: Reading, group: str) -> dict[str, Any]:
    one = reading.indicator
    return {
        "code": one.code, "name": one.name, "formula": one.formula, "is_low_better": one.is_low_better,
        "missing": one.missing, "group": group, "counted": reading.counted, "of": reading.of, "share": reading.share,
    }  # fmt: skip
