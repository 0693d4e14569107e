"""Every address of the house: each domain's own, then the shell's."""

from django.urls import include, path

urlpatterns = [
    path("compte/", include("parvis.web.closed_addresses")),
    path("compte/", include("allauth.urls")),
    path("pilotage/", include("parvis.domains.steering.urls")),
    path("feuilles-de-route/", include("parvis.domains.roadmaps.urls")),
    path("carte/", include("parvis.domains.atlas.urls")),
    path("donnees/", include("parvis.domains.datahub.urls")),
    path("", include("parvis.web.urls")),
]
handler403 = "parvis.web.views.errors.forbidden"
handler404 = "parvis.web.views.errors.not_found"
handler500 = "parvis.web.views.errors.broken"
