"""The API: every room's own table under /api/v1/, its description beside it."""

from importlib.util import find_spec

from django.apps import apps
from django.urls import include, path

from bureau.desk.api.docs import Docs, Schema

ROOMS = ("bureau.desk", "bureau", "powers", "grid", "cases", "community", "oversight")


def tables_of_rooms() -> list:
    """The tables that are there; a room without an API has none."""
    names = [f"{room}.api_urls" for room in ROOMS if apps.is_installed(room.split(".")[0])]
    return [path("", include(name)) for name in names if find_spec(name)]


urlpatterns = [
    path("v1/", include((tables_of_rooms(), "api"))),
    path("schema/", Schema.as_view(), name="api-schema"),
    path("docs/", Docs.as_view(), name="api-docs"),
]
