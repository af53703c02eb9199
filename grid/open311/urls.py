"""`/open311/`: addresses as the specification writes them, the format as their ending."""

from django.urls import path

from grid.open311 import views

app_name = "open311"
discovery, updates = views.spoken(get=views.discovery), views.spoken(get=views.updates, post=views.add_update)
urlpatterns = [
    path("discovery.<slug:form>", discovery, name="discovery"),
    path("v2/discovery.<slug:form>", discovery, name="discovery-v2"),
    path("v2/services.<slug:form>", views.spoken(get=views.services), name="services"),
    path("v2/services/<slug:code>.<slug:form>", views.spoken(get=views.service), name="service"),
    path("v2/requests.<slug:form>", views.spoken(get=views.requests, post=views.report), name="requests"),
    path("v2/requests/<slug:number>.<slug:form>", views.spoken(get=views.one_request), name="request"),
    path("v2/tokens/<slug:token>.<slug:form>", views.spoken(get=views.token), name="token"),
    path("v2/servicerequestupdates.<slug:form>", updates, name="updates"),
]
