from django.urls import path

from parvis.web.views import desk, preferences, sectors

app_name = "web"
urlpatterns = [
    path("", desk.home, name="home"),
    path("secteurs/", sectors.sectors, name="sectors"),
    path("secteurs/<slug:code>/", sectors.sector, name="sector"),
    path("mes-courriels/", preferences.choose, name="preferences"),
    path("courriels/<str:token>/", preferences.unsubscribe, name="unsubscribe"),
]
