from django.urls import path

from grid import api, api_figures, api_merging

urlpatterns = [
    path("issue-types/", api.IssueTypeList.as_view(), name="issue-type-list"),
    path("figures/", api_figures.FigureList.as_view(), name="figure-list"),
    path("cells/", api.CellList.as_view(), name="cell-list"),
    path("issues/", api.IssueList.as_view(), name="issue-list"),
    path("issues/<uuid:pk>/", api.IssueDetail.as_view(), name="issue"),
    path("issues/<uuid:pk>/timeline/", api.IssueTimeline.as_view(), name="issue-timeline"),
    path("issues/<uuid:pk>/moves/", api.IssueMoves.as_view(), name="issue-moves"),
    path("issues/<uuid:pk>/requests/", api.IssueRequests.as_view(), name="issue-requests"),
    path("issues/<uuid:pk>/duplicates/", api_merging.IssueDuplicates.as_view(), name="issue-duplicates"),
    path("issues/<uuid:pk>/merging/", api_merging.IssueMerging.as_view(), name="issue-merging"),
    path("issues/<uuid:pk>/unmerging/", api_merging.IssueUnmerging.as_view(), name="issue-unmerging"),
    path("issues/<uuid:pk>/photos/", api.IssuePhotos.as_view(), name="issue-photos"),
]
