"""The addresses of the portal: its own health here, every room's pages and API by the room's own table."""

from django.urls import include, path

from config import health
from config.system.views import system

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
    path("system/", system, name="system"),
    path("api/", include("config.api_urls")),
    path("", include("bureau.urls")),
    path("", include("powers.urls")),
    path("open311/", include("grid.open311.urls")),
    path("", include("grid.urls")),
    path("", include("cases.urls")),
    path("", include("oversight.urls")),
]

handler500 = "bureau.views.broken.broken"
