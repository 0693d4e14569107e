from django.urls import path

from parvis.domains.roadmaps import views

app_name = "roadmaps"
urlpatterns = [path("", views.overview, name="overview")]
