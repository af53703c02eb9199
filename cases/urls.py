from django.urls import path

from cases.views import detail, listing, moves, opening

app_name = "cases"
urlpatterns = [
    path("cases/", listing.case_list, name="list"),
    path("cases/new/", opening.case_new, name="new"),
    path("cases/<uuid:pk>/", detail.case_detail, name="detail"),
    path("cases/<uuid:pk>/move/", moves.case_move, name="move"),
    path("cases/<uuid:pk>/move/<slug:verb>/", moves.move_page, name="move-page"),
]
