"""Django's own commands, for those who know them: `parvis manage makemigrations roadmaps -n why`."""

from parvis.cli import boot


def run(arguments: list[str]) -> int:
    boot.configure()
    from django.core.management import execute_from_command_line

    execute_from_command_line(["parvis manage", *arguments])
    return 0
