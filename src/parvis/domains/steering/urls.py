from django.urls import path

from parvis.domains.steering.views import cells, commitments, objectives, review_files, reviews

app_name = "steering"
urlpatterns = [
    path("", objectives.objectives, name="objectives"),
    path("indicateurs/<str:code>/lignes/", cells.cell, name="cell"),
    path("indicateurs/<str:code>/lignes.<slug:kind>", cells.cell_file, name="cell_file"),
    path("engagements/", commitments.public_commitments, name="public_commitments"),
    path("revues/", reviews.reviews, name="reviews"),
    path("revues/modele/", review_files.slide_template, name="slide_template"),
    path("revues/modele.pptx", review_files.slide_template_file, name="slide_template_file"),
    path("revues/decisions/<int:number>/<slug:step>/", reviews.decision_move, name="decision_move"),
    path("revues/<slug:code>/", reviews.review, name="review"),
    path("revues/<slug:code>/dossier.pdf", review_files.review_pdf, name="review_pdf"),
    path("revues/<slug:code>/chiffres.xlsx", review_files.review_workbook, name="review_workbook"),
    path("revues/<slug:code>/presentation.pptx", review_files.review_slides, name="review_slides"),
    path("revues/<slug:code>/etape/<slug:step>/", reviews.review_move, name="review_move"),
    path("revues/<slug:code>/releve/", reviews.review_minutes, name="review_minutes"),
    path("revues/<slug:code>/points/", reviews.review_point, name="review_point"),
    path("revues/<slug:code>/points/<int:number>/retirer/", reviews.review_point_remove, name="review_point_remove"),
    path("revues/<slug:code>/commentaires/", reviews.review_comment, name="review_comment"),
    path("revues/<slug:code>/decisions/", reviews.review_decision, name="review_decision"),
]
