"""The pages of django-allauth that this house does not have; they stand before its own addresses and answer 404."""

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path, re_path


def closed(request: HttpRequest, **parts) -> HttpResponse:
    """A page of django-allauth that this house does not have."""
    raise Http404


urlpatterns = [
    path("signup/", closed),
    path("email/", closed),
    path("confirm-email/", closed),
    re_path(r"^confirm-email/(?P<key>[-:\w]+)/$", closed),
    path("password/set/", closed),
    path("login/code/confirm/", closed),
    path("3rdparty/", closed),
    path("3rdparty/signup/", closed),
    path("social/signup/", closed),
    path("social/connections/", closed),
    path("social/login/cancelled/", closed),
    path("social/login/error/", closed),
]
