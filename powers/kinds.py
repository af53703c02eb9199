"""The words of the list: categories, fields of management, kinds of penalty, units of a fine."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Category(models.TextChoices):
    PENALTY = "penalty", _("administrative penalty")
    COMPULSORY = "compulsory", _("compulsory measure")
    GUIDANCE = "guidance", _("administrative guidance")
    OTHER = "other", _("other power")


class HandbookKind(models.TextChoices):
    PENALTY = "penalty", _("administrative penalty")
    COMPULSORY = "compulsory", _("compulsory measure")
    GUIDANCE = "guidance", _("administrative guidance")
    OTHER = "other", _("other power")
    MANAGEMENT = "management", _("management duty")


class Domain(models.TextChoices):
    CITYSCAPE = "cityscape", _("cityscape")
    SANITATION = "sanitation", _("environmental sanitation")
    GREENING = "greening", pgettext_lazy("field of management", "greening")
    ROADS = "roads", _("roads and bridges")
    CONSTRUCTION_WASTE = "construction_waste", _("construction waste")
    ENVIRONMENT = "environment", pgettext_lazy("field of management", "environment")
    WASTE_SORTING = "waste_sorting", _("waste sorting")
    PROPERTY = "property", _("property management")
    OUTDOOR_FACILITY = "outdoor_facility", _("outdoor facilities")
    CONSTRUCTION_SITE = "construction_site", _("construction sites")
    WATER = "water", pgettext_lazy("field of management", "water")
    PLANNING = "planning", _("town planning")
    HOUSING_LEASE = "housing_lease", _("housing leases")
    PUBLIC_SPACE = "public_space", _("public space")
    REAL_ESTATE = "real_estate", _("real estate")
    GAS = "gas", pgettext_lazy("field of management", "gas")
    PROCEDURE = "procedure", _("procedure of enforcement")


class PenaltyKind(models.TextChoices):
    WARNING = "warning", pgettext_lazy("penalty", "warning")
    ORDER_TO_CORRECT = "order_to_correct", _("order to correct")
    FINE = "fine", pgettext_lazy("penalty", "fine")
    ADDITIONAL_FINE = "additional_fine", _("additional fine")
    CONFISCATION = "confiscation", _("confiscation")
    DEMOLITION = "demolition", _("demolition")
    SUSPENSION_OF_BUSINESS = "suspension_of_business", _("suspension of business")
    LICENCE_REVOCATION = "licence_revocation", _("revocation of a licence")
    SEALING = "sealing", _("sealing of a place")
    SEIZURE = "seizure", _("seizure")
    STOP_USE = "stop_use", _("order to stop use")
    SUBSTITUTE_PERFORMANCE = "substitute_performance", _("substitute performance")
    COMMUNICATION_SUSPENSION = "communication_suspension", _("suspension of a telephone number")


class FineUnit(models.TextChoices):
    """Blank is yuan; `per_*` yuan for each; multiples and percentages are of what is named, not yuan."""

    YUAN = "", _("yuan")
    PER_HEAD = "per_head", _("yuan a head")
    PER_M2 = "per_m2", _("yuan a square metre")
    PER_M2_PER_DAY = "per_m2_per_day", _("yuan a square metre and day")
    PER_TONNE = "per_tonne", _("yuan a tonne")
    PER_TREE = "per_tree", _("yuan a tree")
    PER_VEHICLE = "per_vehicle", _("yuan a vehicle")
    MULTIPLE_OF_COMPENSATION = "multiple_of_compensation", _("times the compensation")
    MULTIPLE_OF_GREEN_SPACE = "multiple_of_green_space_construction_cost", _("times the cost of the green space")
    MULTIPLE_OF_GREENING = "multiple_of_greening_compensation", _("times the greening compensation")
    MULTIPLE_OF_AMOUNT = "multiple_of_misappropriated_amount", _("times the misappropriated amount")
    MULTIPLE_OF_TEMPORARY = "multiple_of_temporary_construction_cost", _("times the cost of the temporary building")
    PERCENT_OF_COST = "percent_of_construction_cost", _("percent of the construction cost")
    PERCENT_OF_FEE = "percent_of_construction_management_fee", _("percent of the construction management fee")
    PERCENT_OF_FINE = "percent_of_fine_per_day", _("percent of the fine a day")
    PERCENT_OF_PREPAYMENTS = "percent_of_prepayments", _("percent of the prepayments")


class LiableParty(models.TextChoices):
    BOTH = "both", _("persons and organisations")
    INDIVIDUAL = "individual", _("persons")
    ORGANISATION = "organisation", _("organisations")


class IssueHint(models.TextChoices):
    """Groups of powers that a type of issue points to."""

    ENVIRONMENT = "environment", pgettext_lazy("group of powers", "environment and noise")
    STREET_ORDER = "street_order", pgettext_lazy("group of powers", "street order")
    GREENING = "greening", pgettext_lazy("group of powers", "greening")
    MUCK_TRANSPORT = "muck_transport", pgettext_lazy("group of powers", "muck transport")
    MUNICIPAL = "municipal", pgettext_lazy("group of powers", "municipal facilities")
    PROPERTY = "property", pgettext_lazy("group of powers", "property management")
    OUTDOOR_FACILITY = "outdoor_facility", pgettext_lazy("group of powers", "outdoor facilities")
    ILLEGAL_CONSTRUCTION = "illegal_construction", pgettext_lazy("group of powers", "illegal construction")
    ILLEGAL_LAND_USE = "illegal_land_use", pgettext_lazy("group of powers", "illegal land use")
    WATER = "water", pgettext_lazy("group of powers", "water")
    OTHER = "other", pgettext_lazy("group of powers", "other")


class Confidence(models.TextChoices):
    """`verified`: the cited article was read in the version named; not that this bureau holds the power."""

    VERIFIED = "verified", _("article read")
    RECALLED = "recalled", _("article not read, from memory")


class Level(models.TextChoices):
    SQUAD = "squad", pgettext_lazy("level", "squad")
    DISTRICT = "district", pgettext_lazy("level", "district")
