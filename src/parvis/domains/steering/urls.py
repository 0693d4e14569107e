from django.urls import path

from parvis.domains.steering import views

app_name = "steering"
urlpatterns = [path("", views.objectives, name="objectives")]
