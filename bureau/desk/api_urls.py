"""What the desk itself answers under /api/v1/."""

from django.urls import path

from bureau.desk.api.changes import Changes
from bureau.desk.api.clocks import ClockDetail, ClockList
from bureau.desk.api.codes import CodeList, CodeLists
from bureau.desk.api.jobs import JobDetail
from bureau.desk.api.me import Me
from bureau.desk.api.requests import (
    RequestDecision,
    RequestDetail,
    RequestList,
    RequestWithdrawal,
    Resumption,
    WhatIf,
)
from bureau.desk.api.rules import ChangeDetail, ChangeList, ChangeMoves, FigureList
from bureau.desk.api.trail import RootDetail, RootList

urlpatterns = [
    path("changes/", Changes.as_view(), name="change-list"),
    path("clocks/", ClockList.as_view(), name="clock-list"),
    path("clocks/<uuid:pk>/", ClockDetail.as_view(), name="clock"),
    path("clocks/<uuid:pk>/what-if/", WhatIf.as_view(), name="clock-what-if"),
    path("clocks/<uuid:pk>/resumption/", Resumption.as_view(), name="clock-resumption"),
    path("requests/", RequestList.as_view(), name="request-list"),
    path("requests/<uuid:pk>/", RequestDetail.as_view(), name="request"),
    path("requests/<uuid:pk>/decision/", RequestDecision.as_view(), name="request-decision"),
    path("requests/<uuid:pk>/withdrawal/", RequestWithdrawal.as_view(), name="request-withdrawal"),
    path("codes/", CodeLists.as_view(), name="code-lists"),
    path("codes/<slug:name>/", CodeList.as_view(), name="code-list"),
    path("rules/", FigureList.as_view(), name="rule-list"),
    path("rules/changes/", ChangeList.as_view(), name="rule-change-list"),
    path("rules/changes/<uuid:pk>/", ChangeDetail.as_view(), name="rule-change"),
    path("rules/changes/<uuid:pk>/moves/", ChangeMoves.as_view(), name="rule-change-moves"),
    path("trail/roots/", RootList.as_view(), name="root-list"),
    path("trail/roots/<int:n>/", RootDetail.as_view(), name="root"),
    path("jobs/<uuid:pk>/", JobDetail.as_view(), name="job"),
    path("me/", Me.as_view(), name="me"),
]
