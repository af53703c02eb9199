from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CasesConfig(AppConfig):
    name = "cases"
    verbose_name = _("Enforcement cases")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from cases import registrations  # noqa: PLC0415 - the apps must be ready first

        registrations.register()
