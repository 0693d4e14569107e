from django.urls import path

from parvis.web.views import about, desk, health, journal, preferences, search, sectors

app_name = "web"
urlpatterns = [
    path("", desk.home, name="home"),
    path("secteurs/ouvrir/", desk.find_sector, name="find_sector"),
    path("secteurs/", sectors.sectors, name="sectors"),
    path("secteurs/<slug:code>/", sectors.sector, name="sector"),
    path("recherche/", search.search, name="search"),
    path("journal/", journal.journal, name="journal"),
    path("donnees-personnelles/", about.retentions, name="retentions"),
    path("aide/", about.help_page, name="help"),
    path("accessibilite/", about.accessibility, name="accessibility"),
    path("sante/", health.health, name="health"),
    path("mes-courriels/", preferences.choose, name="preferences"),
    path("courriels/<str:token>/", preferences.unsubscribe, name="unsubscribe"),
]
