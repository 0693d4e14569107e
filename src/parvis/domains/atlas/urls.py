from django.urls import path

from parvis.domains.atlas import views

app_name = "atlas"
urlpatterns = [
    path("", views.map_page, name="map"),
]
