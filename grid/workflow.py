"""The moves of an issue: the binding table of the house (design.md section 9), the withdrawal of feedback, the arrival
on site, and the re-dispatch for the centre's own error.
"""

from django.utils.translation import pgettext_lazy as p_

from bureau.desk.workflow import Move, Workflow, actors
from bureau.models import Role
from grid.duties import duty_of, spec_of
from grid.guards import (
    gave_the_feedback,
    goes_its_own_way,
    has_nobody_along,
    has_not_arrived,
    is_assigned,
    no_rework_is_pending,
    not_of_the_handling_unit,
    not_the_accepter,
    not_the_dispatcher,
)
from grid.statuses import Status as S

INLETS = actors(
    Role.INSPECTOR, Role.OPERATOR, Role.SHIFT_LEADER, Role.DISPATCHER, Role.SUPERVISION,
    Role.STATION, Role.SOCIAL, Role.PARTNER,
    unit=(Role.UNIT_DESK, Role.SQUAD_OFFICER, Role.SQUAD_LEADER, Role.AUXILIARY),
)  # fmt: skip
OPERATOR = actors(Role.OPERATOR, unit=(Role.UNIT_DESK,))
SHIFT_LEADER = actors(Role.SHIFT_LEADER, unit=(Role.UNIT_DESK,))
DISPATCHER = actors(Role.DISPATCHER, unit=(Role.UNIT_DESK,))
DISTRICT_DISPATCHER = actors(Role.DISPATCHER)  # no unit starts its own clock afresh
INSPECTOR = actors(Role.INSPECTOR)
LEADER = actors(handler=(Role.SQUAD_LEADER, Role.UNIT_DESK, Role.PARTNER))
HANDLERS = actors(handler=(Role.SQUAD_OFFICER, Role.SQUAD_LEADER, Role.UNIT_DESK, Role.PARTNER))


ISSUE_FLOW = Workflow(
    # fmt: off
    table=(
        Move("report", (), S.REPORTED, INLETS, sets=("accept",), label=p_("move of an issue", "Report an issue")),
        Move(
            "ask_confirmation",
            (S.REPORTED,),
            S.CONFIRMING,
            OPERATOR,
            sets=("confirm",),
            label=p_("move of an issue", "Ask for confirmation"),
            is_detour=True,
        ),
        Move(
            "confirm",
            (S.CONFIRMING,),
            S.REPORTED,
            INSPECTOR,
            meets=("confirm",),
            label=p_("move of an issue", "Confirm the issue"),
        ),
        Move(
            "deny",
            (S.CONFIRMING,),
            S.REPORTED,
            INSPECTOR,
            meets=("confirm",),
            needs=("note",),
            label=p_("move of an issue", "Report it as not found"),
            is_detour=True,
        ),
        Move(
            "accept",
            (S.REPORTED,),
            S.ACCEPTED,
            OPERATOR,
            meets=("accept",),
            sets=("filing",),
            label=p_("move of an issue", "Accept the issue"),
        ),
        Move(
            "refuse",
            (S.REPORTED,),
            S.REFUSED,
            OPERATOR,
            meets=("accept",),
            needs=("reason",),
            guards=(has_nobody_along,),
            label=p_("move of an issue", "Refuse the issue"),
            is_irreversible=True,
        ),
        Move(
            "file",
            (S.ACCEPTED,),
            S.FILED,
            SHIFT_LEADER,
            meets=("filing",),
            sets=("dispatch",),
            guards=(not_the_accepter,),
            label=p_("move of an issue", "File the grid case"),
        ),
        Move(
            "void",
            (S.ACCEPTED,),
            S.VOID,
            SHIFT_LEADER,
            meets=("filing",),
            needs=("reason",),
            guards=(has_nobody_along,),
            label=p_("move of an issue", "Void the issue"),
            is_irreversible=True,
        ),
        Move(
            "dispatch",
            (S.FILED,),
            S.DISPATCHED,
            DISPATCHER,
            meets=("dispatch",),
            sets=("handling", "response"),
            label=p_("move of an issue", "Dispatch the grid case"),
        ),
        Move("take", (S.DISPATCHED,), S.HANDLING, LEADER, label=p_("move of an issue", "Take the grid case")),
        Move(
            "redispatch",
            (S.DISPATCHED, S.HANDLING),
            S.DISPATCHED,
            DISTRICT_DISPATCHER,
            drops=("handling", "response"),
            sets=("handling", "response"),
            needs=("to", "reason"),
            label=p_("move of an issue", "Dispatch anew, the centre erred"),
            is_detour=True,
        ),
        Move(
            "arrive",
            (S.HANDLING,),
            S.HANDLING,
            HANDLERS,
            meets=("response",),
            guards=(is_assigned, has_not_arrived),
            label=p_("move of an issue", "Arrive on site"),
            is_detour=True,
        ),
        Move(
            "feed_back",
            (S.HANDLING,),
            S.HANDLED,
            HANDLERS,
            meets=("handling", "response"),
            sets=("verification",),
            needs=("outcome",),
            guards=(is_assigned,),
            label=p_("move of an issue", "Feed back the result"),
        ),
        Move(
            "withdraw_feedback",
            (S.HANDLED,),
            S.HANDLING,
            HANDLERS,
            meets=("verification",),
            reopens=("handling", "response"),
            guards=(gave_the_feedback,),
            label=p_("move of an issue", "Withdraw the feedback"),
            is_detour=True,
        ),
        Move(
            "ask_verification",
            (S.HANDLED,),
            S.VERIFYING,
            OPERATOR,
            label=p_("move of an issue", "Ask for verification"),
        ),
        Move(
            "verify",
            (S.VERIFYING,),
            S.VERIFIED,
            INSPECTOR,
            meets=("verification",),
            sets=("closing",),
            guards=(not_of_the_handling_unit, not_the_dispatcher, no_rework_is_pending),
            label=p_("move of an issue", "Pass the verification"),
        ),
        Move(
            "rework",
            (S.VERIFYING,),
            S.HANDLING,
            INSPECTOR,
            meets=("verification",),
            resumes=("handling",),
            needs=("note",),
            guards=(not_of_the_handling_unit,),
            label=p_("move of an issue", "Send back for rework"),
            is_detour=True,
        ),
        Move(
            "close",
            (S.VERIFIED,),
            S.CLOSED,
            SHIFT_LEADER,
            meets=("closing",),
            guards=(not_of_the_handling_unit, no_rework_is_pending),
            label=p_("move of an issue", "Close the grid case"),
        ),
    ),
    # fmt: on
    spec_of=spec_of,
    duty_of=duty_of,
    guards=(goes_its_own_way,),
    granted=(
        Move(
            "return",
            (S.DISPATCHED, S.HANDLING),
            S.FILED,
            DISPATCHER,
            drops=("handling", "response"),
            sets=("dispatch",),
            label=p_("move of an issue", "Grant the return"),
        ),
        Move(
            "designate",
            (S.DISPATCHED, S.HANDLING),
            S.DISPATCHED,
            actors(Role.SUPERVISION),
            drops=("handling", "response"),
            sets=("handling", "response"),
            label=p_("move of an issue", "Designate the body"),
        ),
        Move(
            "void_dispatched",
            (S.DISPATCHED, S.HANDLING),
            S.VOID,
            SHIFT_LEADER,
            drops=("handling", "response"),
            guards=(has_nobody_along,),
            label=p_("move of an issue", "Grant the voiding"),
            is_irreversible=True,
        ),
        Move(
            "rework_on_request",
            (S.HANDLED, S.VERIFYING, S.VERIFIED),
            S.HANDLING,
            actors(Role.INSPECTOR, Role.SHIFT_LEADER),
            meets=("verification", "closing"),
            resumes=("handling",),
            label=p_("move of an issue", "Grant the rework"),
        ),
    ),
)
