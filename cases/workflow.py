"""The moves of a case from the lead to filing: request, endorsement and filing by three persons (law.md 5.2, 1-8)."""

from django.utils.translation import pgettext_lazy

from bureau.desk.workflow import Move, Workflow, actors
from bureau.models import Role
from cases.duties import duty_of, spec_of
from cases.guards import (
    answers_at_this_step,
    is_an_officer_of_the_case,
    is_an_officer_or_leads,
    is_no_officer_of_the_case,
    not_the_endorser,
    not_the_opener,
)
from cases.statuses import BEFORE_FILING
from cases.statuses import Status as S

OFFICERS = actors(handler=(Role.SQUAD_OFFICER,))
LEADER = actors(handler=(Role.SQUAD_LEADER,))
SQUAD = actors(handler=(Role.SQUAD_OFFICER, Role.SQUAD_LEADER))
DEPUTY = actors(Role.DEPUTY)
APPROVERS = actors(Role.DEPUTY, handler=(Role.SQUAD_LEADER,))

CASE_FLOW = Workflow(
    # fmt: off
    table=(
        Move(
            "open",
            (),
            S.VERIFYING,
            OFFICERS,
            sets=("verification",),
            label=pgettext_lazy("move of a case", "Open a lead"),
        ),
        Move(
            "request_filing",
            (S.VERIFYING,),
            S.REQUESTED,
            OFFICERS,
            guards=(is_an_officer_of_the_case,),
            label=pgettext_lazy("move of a case", "Request the filing"),
        ),
        Move(
            "endorse",
            (S.REQUESTED,),
            S.ENDORSED,
            LEADER,
            guards=(is_no_officer_of_the_case, not_the_opener),
            label=pgettext_lazy("move of a case", "Endorse the filing"),
        ),
        Move(
            "file",
            (S.ENDORSED,),
            S.FILED,
            DEPUTY,
            meets=("verification",),
            sets=("decision",),
            guards=(is_no_officer_of_the_case, not_the_endorser),
            label=pgettext_lazy("move of a case", "File the enforcement case"),
        ),
        Move(
            "return_for_completion",
            (S.REQUESTED, S.ENDORSED),
            S.VERIFYING,
            APPROVERS,
            needs=("note",),
            guards=(answers_at_this_step, is_no_officer_of_the_case),
            label=pgettext_lazy("move of a case", "Return it for completion"),
            is_detour=True,
        ),
        Move(
            "withdraw",
            BEFORE_FILING,
            S.WITHDRAWN,
            SQUAD,
            meets=("verification",),
            needs=("reason",),
            guards=(is_an_officer_or_leads,),
            label=pgettext_lazy("move of a case", "Withdraw the case"),
            is_irreversible=True,
        ),
    ),
    # fmt: on
    spec_of=spec_of,
    duty_of=duty_of,
)
