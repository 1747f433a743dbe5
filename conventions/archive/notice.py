"""The notice of an archive: what is in it, what is left out and why, the digest of each file."""

import datetime

from ctg_portal.templatetags.french import long_date, plural
from documents.archives.parts import ArchiveContent, LeftOut
from documents.archives.writing import SUMS, ArchiveWriter
from documents.stored_files import format_size

ALWAYS_LEFT_OUT = [
    LeftOut(
        "Les chiffres soumis au secret statistique de l’organisme qui les fournit",
        "ils y sont comme chacun les lit : « secret », ou arrondis. L’organisme seul en a les "
        "valeurs, leurs commentaires et leurs pièces",
    ),
    LeftOut(
        "Les saisies en cours et les réponses notées sans être données",
        "elles n’appartiennent qu’à la personne qui les écrit",
    ),
    LeftOut(
        "Les mots de passe, les moyens de connexion, les messages envoyés",
        "ils ne sont pas de la convention",
    ),
]


def notice_of(content: ArchiveContent, writer: ArchiveWriter) -> str:
    """Return the notice of an archive: its files with their digests, what is left out and why."""
    day = long_date(datetime.date.fromisoformat(content.day))
    lines = [
        content.title,
        "=" * len(content.title),
        "",
        f"Archive du portail, faite le {day}, telle que la coordination lit la convention ce "
        f"jour-là. Demandée par {content.asked_by}.",
        "",
        "Elle contient des noms et des adresses de personnes : gardez-la comme un dossier de "
        "travail, et ne la publiez pas telle quelle.",
        "",
        "COMMENT LA LIRE",
        "---------------",
        "convention/   le texte et ses annexes, en Markdown (se lit dans tout éditeur de texte)",
        "tableaux/     chaque tableau en classeur (XLSX) et en CSV (UTF-8, point-virgule)",
        "donnees/      les mêmes lignes en JSON, pour les reprendre dans un autre outil",
        "accords/      le texte exact de chaque version proposée aux parties",
        "documents/    les documents déposés",
        "evaluations/  les évaluations publiées, telles qu’elles ont été publiées, et les textes",
        f"{SUMS}    l’empreinte de chaque fichier : « sha256sum -c {SUMS} » les vérifie",
        "",
        "CE QUI N’Y EST PAS",
        "------------------",
        *(
            f"- {part.what} : {part.why}."
            for part in [*ALWAYS_LEFT_OUT, *content.of(LeftOut), *writer.missing]
        ),
        "",
        f"CE QUI Y EST ({plural(len(writer.entries), 'fichier,fichiers')})",
        "------------",
    ]
    for entry in writer.entries:
        lines += [f"{entry.path}", f"    {entry.what}, {format_size(entry.size)}"]
        lines += [f"    SHA-256 {entry.sha256}", *([f"    {entry.note}"] if entry.note else [])]
    return "\n".join(lines) + "\n"
