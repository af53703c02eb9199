from django.urls import path

from bureau import views_calendar

urlpatterns = [
    path("calendar/", views_calendar.calendar, name="calendar"),
    path("calendar/enter/", views_calendar.enter_calendar, name="calendar-enter"),
]
