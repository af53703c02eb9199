"""What the roof contributes to the rail."""

from django.utils.translation import gettext_lazy as _

from bureau.desk.contributions import NavEntry, navigation
from config.system.views import READERS


def register() -> None:
    navigation.add("system", NavEntry(_("System"), "system", "info", "basis", roles=READERS), order=99)
