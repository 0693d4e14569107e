from django.urls import path

from parvis.web.views import desk

app_name = "web"
urlpatterns = [
    path("", desk.home, name="home"),
]
