from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GridConfig(AppConfig):
    name = "grid"
    verbose_name = _("Grid")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from grid import registrations  # noqa: PLC0415 - the apps must be ready first

        registrations.register()
