"""Add a person with her roles and print the link by which she chooses her password; print a new link; close an account.

    parvis person add claire.delmas@ville.example --name "Claire Delmas" --role sector-chief --scope sector:19
    parvis person link claire.delmas@ville.example
    parvis person deactivate claire.delmas@ville.example
"""  # fmt: skip

import argparse
import sys

from parvis.cli import boot


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    acts = parser.add_subparsers(dest="act", required=True, metavar="add | assign | link | deactivate")
    for name in ("add", "assign", "link", "deactivate"):
        act = acts.add_parser(name)
        act.add_argument("email")
        if name in ("add", "assign"):
            act.add_argument("--role", action="append", default=[], help="repeat for several, each with its --scope")
            act.add_argument("--scope", action="append", default=[], help="house, sector:19, directorate:DEVE, plan:12")
        if name == "add":
            act.add_argument("--name", default="", help="first name then last name")
            act.add_argument("--title", default="", help="job title")


def run(arguments: argparse.Namespace) -> int:
    boot.prepare()
    from parvis.kernel import Refusal

    acts = {"add": _add, "assign": _assign, "link": _link, "deactivate": _deactivate}
    try:
        acts[arguments.act](arguments)
    except Refusal as refusal:
        print(refusal, file=sys.stderr)
        return 1
    return 0


def _add(arguments: argparse.Namespace) -> None:
    from django.db import transaction
    from django.utils import timezone

    from parvis.kernel.organisation import people

    first, _, last = arguments.name.partition(" ")
    with transaction.atomic():
        person = people.add(
            arguments.email, by=None, at=timezone.now(), first_name=first, last_name=last, job_title=arguments.title
        )
        _give_roles(person, arguments)
    print(f"Compte ouvert : {person.email}")
    _print_link(person)


def _assign(arguments: argparse.Namespace) -> None:
    _give_roles(_find(arguments.email), arguments)
    print(f"Rôles donnés à {arguments.email}.")


def _link(arguments: argparse.Namespace) -> None:
    _print_link(_find(arguments.email))


def _deactivate(arguments: argparse.Namespace) -> None:
    from django.utils import timezone

    from parvis.kernel.organisation import people

    people.deactivate(_find(arguments.email), by=None, at=timezone.now())
    print(f"Compte fermé : {arguments.email}. Ses sessions s’arrêtent à la page suivante.")


def _give_roles(person, arguments: argparse.Namespace) -> None:
    from django.utils import timezone

    from parvis.kernel import Refusal
    from parvis.kernel.organisation import people

    scopes = arguments.scope or ["house"] * len(arguments.role)
    if len(scopes) != len(arguments.role):
        raise Refusal("Chaque --role demande son --scope.", remedy="Écrivez-les par paires.")
    for role, scope in zip(arguments.role, scopes, strict=True):
        people.assign(person, role, scope, by=None, at=timezone.now())


def _find(email: str):
    from parvis.kernel import Refusal
    from parvis.kernel.organisation.models import Person

    person = Person.objects.filter(email__iexact=email).first()
    if person is None:
        raise Refusal(f"Aucun compte ne porte l’adresse {email}.", remedy="Ouvrez-le avec `parvis person add`.")
    return person


def _print_link(person) -> None:
    from parvis.web import accounts

    print("Lien pour choisir le mot de passe (une fois, trois jours), à remettre à la personne :")
    print(accounts.set_password_address(person))
