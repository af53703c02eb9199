from django.urls import path

from powers import views

app_name = "powers"
urlpatterns = [
    path("powers/", views.power_list, name="list"),
    path("handbook/", views.handbook, name="handbook"),
    path("powers/<str:code>/", views.power_detail, name="detail"),
]
