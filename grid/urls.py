"""Addresses of the grid's pages."""

from django.urls import path

from grid.views import detail, figures, listing, merging, moves, report, requests

app_name = "grid"
urlpatterns = [
    path("issues/", listing.issue_list, name="list"),
    path("figures/", figures.figures, name="figures"),
    path("figures/<slug:code>/", figures.figure, name="figure"),
    path("figures/<slug:code>/issues/", figures.figure_rows, name="figure-rows"),
    path("issues/new/", report.issue_new, name="new"),
    path("issues/place/", report.place, name="place"),
    path("issues/<uuid:pk>/", detail.issue_detail, name="detail"),
    path("issues/<uuid:pk>/move/", moves.issue_move, name="move"),
    path("issues/<uuid:pk>/move/<slug:verb>/", moves.move_page, name="move-page"),
    path("issues/<uuid:pk>/requests/<slug:kind>/", requests.issue_request, name="request"),
    path("issues/<uuid:pk>/resume/", requests.issue_resume, name="resume"),
    path("issues/<uuid:pk>/merge/", merging.issue_merge, name="merge"),
    path("issues/<uuid:pk>/unmerge/", merging.issue_unmerge, name="unmerge"),
    path("issues/<uuid:pk>/photo/", moves.issue_photo, name="photo"),
    path("issues/<uuid:pk>/correct/", moves.issue_correct, name="correct"),
    path("issues/<uuid:pk>/reporter/", moves.issue_reporter, name="reporter"),
]
