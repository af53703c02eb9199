from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BureauConfig(AppConfig):
    name = "bureau"
    verbose_name = _("Bureau")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """What the bureau itself contributes: its pages, its first-day data, its code lists."""
        from bureau.registrations import register  # noqa: PLC0415 - the apps must be ready first

        register()
