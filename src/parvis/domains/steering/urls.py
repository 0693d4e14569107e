from django.urls import path

from parvis.domains.steering.views import objectives

app_name = "steering"
urlpatterns = [path("", objectives.objectives, name="objectives")]
