"""The description of the API: as OpenAPI for machines, and as a plain page for people, without any script."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views import View
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer, OpenApiYamlRenderer
from drf_spectacular.views import SpectacularAPIView

from bureau.desk.api.shown_schema import sections_of


class Schema(SpectacularAPIView):
    authentication_classes: list[Any] = []
    permission_classes: list[Any] = []
    renderer_classes = [OpenApiJsonRenderer, OpenApiYamlRenderer]


@lru_cache(maxsize=1)
def description() -> dict[str, Any]:
    generator: Any = SchemaGenerator
    found: dict[str, Any] = generator().get_schema(request=None, public=True)
    return found


class Docs(View):
    """Addresses by list, what they take and answer, and how to call them."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return render(request, "api/docs.html", {"sections": sections_of(description())})
