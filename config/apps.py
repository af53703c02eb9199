from django.apps import AppConfig

from config.celery import app as queue


class ConfigConfig(AppConfig):
    """The roof as an app: so its commands are found and every process knows the queue."""

    name = "config"
    label = "roof"
    queue = queue

    def ready(self) -> None:
        from config.system.registration import register  # noqa: PLC0415 - the apps must be ready first

        register()
