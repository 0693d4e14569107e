from django.urls import path

from parvis.domains.atlas import views

app_name = "atlas"
urlpatterns = [
    path("", views.map_page, name="map"),
    path("tableau/", views.table_page, name="table"),
    path("secteurs.geojson", views.sectors, name="sectors"),
    path("couches/<str:code>.geojson", views.layer, name="layer"),
]
