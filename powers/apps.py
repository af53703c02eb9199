from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PowersConfig(AppConfig):
    name = "powers"
    verbose_name = _("Power list")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from powers import registrations  # noqa: PLC0415 - the apps must be ready first

        registrations.register()
