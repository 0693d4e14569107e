from django.urls import path

from parvis.domains.datahub import views

app_name = "datahub"
urlpatterns = [
    path("imports/", views.imports, name="imports"),
    path("imports/quarantaine/", views.waiting, name="waiting"),
    path("imports/quarantaine/<int:number>/", views.row, name="row"),
    path("imports/quarantaine/<int:number>/ecarter/", views.row_drop, name="row_drop"),
    path("imports/lectures/<int:number>/", views.run, name="run"),
    path("imports/lectures/<int:number>/remarques.csv", views.run_issues, name="run_issues"),
    path("imports/contrats/<str:code>/", views.contract, name="contract"),
    path("imports/contrats/<str:code>/confirmer/", views.confirm, name="confirm"),
    path("imports/contrats/<str:code>/modele.xlsx", views.template, name="template"),
]
