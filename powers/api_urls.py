from django.urls import path

from powers import api

urlpatterns = [
    path("power-lists/", api.EditionList.as_view(), name="power-list-list"),
    path("powers/", api.PowerList.as_view(), name="power-list"),
    path("powers/<str:code>/", api.PowerDetail.as_view(), name="power"),
    path("handbook/", api.HandbookList.as_view(), name="handbook-list"),
]
