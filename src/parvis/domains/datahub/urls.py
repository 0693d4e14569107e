from django.urls import path

from parvis.domains.datahub.views import imports

app_name = "datahub"
urlpatterns = [
    path("imports/", imports.imports, name="imports"),
    path("imports/quarantaine/", imports.waiting, name="waiting"),
    path("imports/quarantaine/<int:number>/", imports.row, name="row"),
    path("imports/quarantaine/<int:number>/ecarter/", imports.row_drop, name="row_drop"),
    path("imports/lectures/<int:number>/", imports.run, name="run"),
    path("imports/lectures/<int:number>/remarques.csv", imports.run_issues, name="run_issues"),
    path("imports/contrats/<str:code>/", imports.contract, name="contract"),
    path("imports/contrats/<str:code>/confirmer/", imports.confirm, name="confirm"),
    path("imports/contrats/<str:code>/modele.xlsx", imports.template, name="template"),
]
