from django.apps import AppConfig

from config.celery import app as queue


class ConfigConfig(AppConfig):
    """The roof as an app: so its commands are found and every process knows the queue."""

    name = "config"
    label = "roof"
    queue = queue
