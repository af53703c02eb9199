"""What the bureau answers under /api/v1/."""

from django.urls import path

from bureau import api

urlpatterns = [
    path("organisations/", api.OrganisationList.as_view(), name="organisation-list"),
    path("organisations/<slug:code>/", api.OrganisationDetail.as_view(), name="organisation"),
    path("units/", api.UnitList.as_view(), name="unit-list"),
    path("units/<str:code>/", api.UnitDetail.as_view(), name="unit"),
    path("officers/", api.OfficerList.as_view(), name="officer-list"),
    path("calendar/", api.Calendar.as_view(), name="calendar"),
    path("trail/refused/", api.DenialList.as_view(), name="denial-list"),
    path("messages/", api.MessageList.as_view(), name="message-list"),
]
