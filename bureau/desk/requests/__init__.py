"""Requests about clocks: who may ask for what, who decides, what follows; once for page, API and sweep."""

from bureau.desk.requests.actions import ask, decide, lift, withdraw
from bureau.desk.requests.choices import choices, decision_refusal, lift_posting
from bureau.desk.requests.rules import Asked, Situation
from bureau.desk.requests.spec import RequestSpec, request_specs, spec_for, specs_of
from bureau.desk.requests.sweep import lapse_due
from bureau.desk.requests.waiting import waiting_for
from bureau.desk.requests.what_if import what_if

__all__ = [
    "Asked",
    "RequestSpec",
    "Situation",
    "ask",
    "choices",
    "decide",
    "decision_refusal",
    "lapse_due",
    "lift",
    "lift_posting",
    "request_specs",
    "spec_for",
    "specs_of",
    "waiting_for",
    "what_if",
    "withdraw",
]
