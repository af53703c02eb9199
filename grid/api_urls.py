from django.urls import path

from grid import api

urlpatterns = [
    path("issue-types/", api.IssueTypeList.as_view(), name="issue-type-list"),
    path("cells/", api.CellList.as_view(), name="cell-list"),
    path("issues/", api.IssueList.as_view(), name="issue-list"),
    path("issues/<uuid:pk>/", api.IssueDetail.as_view(), name="issue"),
    path("issues/<uuid:pk>/timeline/", api.IssueTimeline.as_view(), name="issue-timeline"),
    path("issues/<uuid:pk>/moves/", api.IssueMoves.as_view(), name="issue-moves"),
    path("issues/<uuid:pk>/requests/", api.IssueRequests.as_view(), name="issue-requests"),
    path("issues/<uuid:pk>/photos/", api.IssuePhotos.as_view(), name="issue-photos"),
]
