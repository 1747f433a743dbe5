"""Load or update a convention from its file."""

import sys
from collections import Counter
from pathlib import Path

from django.core.management.base import BaseCommand
from django.db import IntegrityError

from conventions.loading import ConventionFileError, LoadReport, load


class Command(BaseCommand):
    help = "Charge une convention décrite par un fichier YAML (docs/format-de-convention.md)."

    def add_arguments(self, parser):
        """Declare the file, and the agreement of all parties to a laxer rule of secrecy."""
        parser.add_argument("fichier", type=Path, help="le fichier de la convention")
        parser.add_argument(
            "--secret-assoupli", action="store_true", dest="is_laxer_secrecy_agreed",
            help="toutes les parties ont donné leur accord à une règle de secret plus souple",
        )  # fmt: skip

    def handle(self, *, fichier: Path, is_laxer_secrecy_agreed: bool = False, **options):
        """Load the file and print warnings and outcome; print its mistakes, and exit with 1, where
        it cannot be loaded."""
        try:
            report = load(fichier, is_laxer_secrecy_agreed=is_laxer_secrecy_agreed)
        except ConventionFileError as error:
            for mistake in error.mistakes:
                self.stderr.write(str(mistake))
            sys.exit(1)
        except IntegrityError:  # the same new convention, loaded by somebody else at this moment
            self.stderr.write(
                "Cette convention est en cours de chargement par ailleurs : recommencez."
            )
            sys.exit(1)
        for warning in report.warnings:
            self.stdout.write(f"Avertissement : {warning}")
        self.stdout.write(summary(report))


def summary(report: LoadReport) -> str:
    """Return the outcome of a load: that nothing has changed, or a line a kind of change."""
    convention = f"« {report.convention} » ({report.convention.slug})"
    if not report.has_changes:
        return f"{convention} : rien n’a changé."
    done = [
        _describe_count(report.created, "Créé"),
        _describe_count(report.updated, "Modifié"),
        _describe_count(report.deleted, "Supprimé"),
        _describe_count(report.preserved, "Laissé"),
        _ask_what_is_an_objective(report),
    ]
    return "\n".join([f"{convention} est à jour.", *filter(None, done)])


def _ask_what_is_an_objective(report: LoadReport) -> str:
    """Return, as objectives come in, how many passages are read as such, and how the file says that
    one is not; else ""."""
    if not report.created["objectif"]:
        return ""
    objectives, texts = report.natures[True], report.natures[False]
    return (
        f"Objectifs : {objectives} ; simples passages du texte : {texts}. Un intitulé qui n’est "
        "pas un objectif porte « est_un_objectif: non » : il n’est ni apprécié ni compté."
    )


def _describe_count(counter: Counter[str], participle: str) -> str:
    """Return the sentence of one kind of change, which counts each kind of row, or ""."""
    if not counter:
        return ""
    details = ", ".join(f"{name} ({count})" for name, count in sorted(counter.items()))
    return f"{participle} : {details}."
