from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a posting lets a person do; the codes stand in the tables of moves and in the access matrix."""

    INSPECTOR = "inspector", _("grid inspector")
    OPERATOR = "operator", _("acceptance operator")
    SHIFT_LEADER = "shift_leader", _("shift leader")
    DISPATCHER = "dispatcher", _("dispatcher")
    UNIT_DESK = "unit_desk", _("sub-centre desk")
    STATION = "station", _("committee work station")
    TOWN_LEADER = "town_leader", _("street or town leader")
    SQUAD_OFFICER = "squad_officer", _("squad officer")
    AUXILIARY = "auxiliary", _("auxiliary")
    SQUAD_LEADER = "squad_leader", _("squad leader")
    LEGAL = "legal", _("legal reviewer")
    DEPUTY = "deputy", _("deputy director")
    DIRECTOR = "director", _("director")
    SUPERVISION = "supervision", _("supervision officer")
    DISTRICT_SUPERVISION = "district_supervision", _("district supervision")
    FINANCE = "finance", _("finance clerk")
    PUBLISHER = "publisher", _("publisher")
    ARCHIVIST = "archivist", _("archivist")
    PARTNER = "partner", _("partner body")
    SOCIAL = "social", _("social supervisor")
    AUDITOR = "auditor", _("auditor")
    SYSADMIN = "sysadmin", _("system administrator")
