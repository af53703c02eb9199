"""`codes/{list}/`: the codes that the portal speaks, in both languages."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from bureau.desk.api.errors import all_codes
from bureau.desk.api.views import ApiView
from bureau.desk.contributions import code_lists, subject_kinds
from bureau.desk.models.clock import Light, RungName
from bureau.desk.wording import coded
from bureau.models.roles import Role


class CodeSerializer(serializers.Serializer):
    code = serializers.CharField()
    zh = serializers.CharField()
    en = serializers.CharField()


class CodeListSerializer(serializers.Serializer):
    name = serializers.CharField()
    url = serializers.CharField()


def lists_of_the_desk() -> dict[str, Any]:
    """Lists that need no contribution: errors, lights, rungs, roles, and those of every kind of subject."""
    found: dict[str, Any] = {
        "errors": all_codes(),
        "lights": Light.choices,
        "rungs": RungName.choices,
        "roles": Role.choices,
    }
    for name, kind in subject_kinds.items():
        noun = name.split(".")[-1]
        found[f"{noun}-statuses"] = kind.status_labels.items()
        found[f"{noun}-verbs"] = kind.verb_labels.items()
        found[f"{noun}-clocks"] = kind.clock_labels.items()
    return {name: choices for name, choices in found.items() if choices}


class CodeLists(ApiView):
    scope_name = "codes"

    @extend_schema(operation_id="code_lists", responses=CodeListSerializer(many=True))
    def get(self, request: Request) -> Response:
        """The names of all code lists."""
        names = sorted({*lists_of_the_desk(), *(name for name, _ in code_lists.items())})
        return Response([{"name": name, "url": request.build_absolute_uri(f"{request.path}{name}/")} for name in names])


class CodeList(ApiView):
    scope_name = "codes"

    @extend_schema(operation_id="code_list", responses=CodeSerializer(many=True))
    def get(self, request: Request, name: str) -> Response:
        """One list: statuses, reasons, types, error codes, in both languages."""
        contributed = code_lists.get(name)
        if contributed is not None:
            return Response(contributed())
        own = lists_of_the_desk()
        if name not in own:
            raise Http404
        return Response(coded(own[name]))
