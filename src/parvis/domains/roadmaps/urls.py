from django.urls import path

from parvis.domains.roadmaps import views
from parvis.domains.roadmaps.views import exports

app_name = "roadmaps"
urlpatterns = [
    path("", views.overview, name="overview"),
    # What leaves as a file
    path("plans/<str:code>/echeances.ics", exports.plan_calendar, name="plan_calendar"),
    path("plans/<str:code>/stratml.xml", exports.plan_stratml, name="plan_stratml"),
    path("agenda/", exports.my_calendar, name="my_calendar"),
    path("agenda/<str:token>.ics", exports.calendar_feed, name="calendar_feed"),
]
