from django.urls import path

from cases import api

urlpatterns = [
    path("cases/", api.CaseList.as_view(), name="case-list"),
    path("cases/<uuid:pk>/", api.CaseDetail.as_view(), name="case"),
    path("cases/<uuid:pk>/timeline/", api.CaseTimeline.as_view(), name="case-timeline"),
    path("cases/<uuid:pk>/moves/", api.CaseMoves.as_view(), name="case-moves"),
]
