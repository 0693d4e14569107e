from django.urls import path

from parvis.domains.roadmaps import views
from parvis.domains.roadmaps.views import coverage, exports, lists, multi_directorate, plans, saved

app_name = "roadmaps"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("plans/<str:code>/", plans.plan, name="plan"),
    path("couverture/", coverage.matrix, name="coverage"),
    path("multi-directions/", multi_directorate.multi_directorate, name="multi_directorate"),
    # Actions: lists, pages, editing
    path("actions/", lists.action_list, name="actions"),
    path("actions/tableau/", lists.board, name="board"),
    path("actions/frise/", lists.timeline, name="timeline"),
    path("actions/vues/", saved.saved, name="saved_views"),
    # What leaves as a file
    path("actions/tableur.xlsx", exports.actions_workbook, name="actions_workbook"),
    path("actions/tableur.csv", exports.actions_csv, name="actions_csv"),
    path("couverture/tableur.xlsx", exports.coverage_workbook, name="coverage_workbook"),
    path("plans/<str:code>/tableur.xlsx", exports.plan_workbook, name="plan_workbook"),
    path("plans/<str:code>/echeances.ics", exports.plan_calendar, name="plan_calendar"),
    path("plans/<str:code>/feuille-de-route.pdf", exports.plan_pdf, name="plan_pdf"),
    path("plans/<str:code>/stratml.xml", exports.plan_stratml, name="plan_stratml"),
    path("agenda/", exports.my_calendar, name="my_calendar"),
    path("agenda/<str:token>.ics", exports.calendar_feed, name="calendar_feed"),
]
