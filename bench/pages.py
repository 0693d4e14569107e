"""The pages that people wait for, asked of the real views with their real templates."""

from collections.abc import Callable
from http import HTTPStatus
from itertools import count
from typing import Any

from django.test import Client
from django.urls import NoReverseMatch, reverse

from bench.house import House
from bench.measuring import Operation
from parvis.domains.roadmaps.models import Action

VISITORS = count(1)  # each page is asked by another visitor: a visitor may take so many files a minute


def operations(house: House) -> list[Operation]:
    edited = Action.objects.filter(placements__plan=house.large, lead__code="DVD").order_by("code")[0]
    in_small, in_large = {"plan": house.small.code}, {"plan": house.large.code}
    return [
        Operation("list-60", "liste publique des actions", "60", page("roadmaps:actions", query=in_small), 300, 15,
                  peer="155 requêtes ; 1,1 s de processeur"),
        Operation("list-1000", "liste publique des actions", "1 000", page("roadmaps:actions", query=in_large), 300, 15,
                  same_queries_as="list-60", peer="2 034 requêtes ; 14 s de processeur"),
        Operation("edit", "page de modification d’une action", "1", page("roadmaps:action_edit", edited.code, by=house.contributor),
                  None, 20, peer="100 requêtes"),
        Operation("workbook-60", "tableur d’un plan", "60", page("roadmaps:plan_workbook", house.small.code, by=house.reader),
                  3000, repeats=10, peer="382 requêtes"),
        Operation("workbook-1000", "tableur d’un plan", "1 000", page("roadmaps:plan_workbook", house.large.code, by=house.reader),
                  3000, same_queries_as="workbook-60", repeats=5, peer="4 358 requêtes ; 53 s"),
        Operation("plan-60", "page publique d’un plan", "60", page("roadmaps:plan", house.small.code), 1000),
        Operation("plan-1000", "page publique d’un plan", "1 000", page("roadmaps:plan", house.large.code), 1000,
                  same_queries_as="plan-60", repeats=10),
        Operation("action", "page publique d’une action", "1", page("roadmaps:action", edited.code), 300),
        Operation("board-1000", "tableau des actions par statut", "1 000", page("roadmaps:board", query=in_large), 1000),
        Operation("timeline-1000", "frise des actions", "1 000", page("roadmaps:timeline", query=in_large), 1000),
        Operation("csv-2020", "toutes les actions publiques en CSV", "2 020", page("roadmaps:actions_csv"), 3000, repeats=10),
        Operation("map-2020", "couche de la carte en GeoJSON", "2 020", page("atlas:layer", "roadmaps.actions"), 300, 15),
        Operation("pdf-60", "feuille de route en PDF", "60", page("roadmaps:plan_pdf", house.small.code), 1000, repeats=10),
        Operation("overview", "vue d’ensemble des 17 feuilles de route", "17 × 60",
                  page("roadmaps:overview", query={"periode": "2026.2026-2032"}, by=house.reader), 500),
    ]  # fmt: skip


def page(url_name: str, *path: str, query: dict[str, str] | None = None, by: Any = None) -> Callable[[], bytes] | None:
    """Ask for the page as a browser would; None when its address does not exist yet. A page that fails stops the run."""
    try:
        address = reverse(url_name, args=path)
    except NoReverseMatch:
        return None
    client = Client(headers={"host": "127.0.0.1"}, REMOTE_ADDR=f"192.0.2.{next(VISITORS)}")
    if by is not None:
        client.force_login(by, backend="allauth.account.auth_backends.AuthenticationBackend")

    def ask() -> bytes:
        answer = client.get(address, query or {})
        if answer.status_code != HTTPStatus.OK:
            raise RuntimeError(f"{address}: {answer.status_code} {answer.headers.get('Location', '')}")
        return b"".join(answer.streaming_content) if answer.streaming else answer.content

    return ask
