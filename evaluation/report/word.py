"""Write the texts and tables of a report as a Word document that can be edited: a chart becomes its
sentence, beside the table that it draws."""

from collections.abc import Callable

from ctg_portal.text.markdown import Pictures
from documents.tables import cells_of
from documents.word import WordDocument, write_markdown
from evaluation.cooperation.lines import NOT_FILLED_IN, CountedOverYears, PostLine, PostOverYears
from evaluation.images.image import carried
from evaluation.report.content import (
    FigureCell,
    IndicatorRow,
    MoneyCell,
    MoneyRow,
    MoneyTable,
    ReportAxis,
    ReportContent,
    ReportObjective,
    ReportText,
    ReportTheme,
)
from evaluation.report.marks import Mark
from evaluation.stakes.reading import NOT_YET
from evaluation.year.action_lines import ActionLine, GapsOf

# It takes the document, the content, and the pictures of its texts.
Writer = Callable[[WordDocument, ReportContent, Pictures], None]


def docx_of(content: ReportContent, mark: Mark) -> bytes:
    pictures = carried(content.images)
    word = WordDocument(content.full_title, foot=mark.sentence, date=mark.day)
    word.heading(content.title, 1)
    word.paragraph(f"{content.convention}, {content.territory}, {content.term}.")
    word.paragraph(f"{mark.sentence}. {content.collection}")
    if mark.is_project:
        word.paragraph(content.confidentiality)
    if content.is_fictional:
        word.paragraph("Données fictives.", "Quote")
    word.paragraph(f"Parties : {', '.join(party.name for party in content.parties)}.")
    for section in content.filled_sections:
        WRITERS[section.key](word, content, pictures)
    return word.save()


def _write_texts(word: WordDocument, texts: list[ReportText], pictures: Pictures) -> None:
    for text in texts:
        word.heading(text.title, 2)
        write_markdown(word, text.text, heading_level=3, pictures=pictures)


def _write_summary(word: WordDocument, content: ReportContent) -> None:
    summary = content.summary
    word.heading(content.summary_title, 2)
    word.paragraph(" ".join(filter(None, [summary.sentence, summary.targets])))
    if summary.actions:
        word.paragraph(summary.actions)
    if summary.rows:
        columns = summary.years_columns
        rows = [[cell.text for cell in cells_of(columns, row)]
                for row in [*summary.rows, summary.total]]  # fmt: skip
        width = 0.6 / (len(columns) - 1)
        word.table(
            [column.label for column in columns], rows, widths=[0.4] + [width] * (len(columns) - 1)
        )
    for group in summary.lists:
        if group.lines:
            word.heading(group.title, 3)
        for line in group.lines:
            word.paragraph(" : ".join(filter(None, [line.title, line.text])), "List Bullet")


def _write_stakes(word: WordDocument, content: ReportContent) -> None:
    word.heading("Enjeux partagés", 2)
    for stake in content.stakes:
        word.heading(stake.title, 3)
        write_markdown(word, stake.text, heading_level=4)
        appreciation = f"{stake.appreciation or NOT_YET}."
        word.labelled(f"{content.period.within.capitalize()} :", appreciation)
        write_markdown(word, stake.justification, heading_level=4)
        concerns = f"Concerne : {', '.join(stake.concerns)}. " if stake.concerns else ""
        word.paragraph(f"{concerns}Validé par le comité, {stake.status}.")


def _write_governance(word: WordDocument, content: ReportContent) -> None:
    governance = content.governance
    if governance is None:
        return
    word.heading("Gouvernance", 2)
    word.paragraph(governance.sentence)
    if governance.seats:
        word.table(
            ["Organisme", "Sièges", "Présence au comité de pilotage"],
            [[row.name, row.seats, row.attendance or "–"] for row in governance.seats],
            widths=(0.36, 0.4, 0.24),
        )
    word.heading("Réunions", 3)
    word.table(
        ["Réunion", "Présents", "Parties présentes ou représentées"],
        [[row.title, row.present or "–", row.represented or "–"] for row in governance.meetings],
        widths=(0.5, 0.15, 0.35),
    )
    if governance.decisions:
        word.heading("Décisions", 3)
    for decision in governance.decisions:
        word.labelled(f"{decision.title}.", decision.text)
        details = [decision.state.capitalize(), decision.owner]
        details += [f"pour le {decision.deadline}"] * bool(decision.deadline)
        word.paragraph(f"{', '.join(filter(None, details))}.")


def _write_posts(word: WordDocument, content: ReportContent) -> None:
    word.heading("Postes de coopération", 2)
    for post in content.posts:
        _introduce_post(word, post)
        if not post.is_told:
            word.paragraph(f"Le suivi de {content.year} n’est pas renseigné.")
            continue
        word.table(
            ["Domaine", "ETP prévus", f"ETP pourvus en {content.year}"],
            [
                [share.domain, share.planned_fte or "–", share.filled_fte or NOT_FILLED_IN]
                for share in post.shares
            ],
            widths=(0.56, 0.2, 0.24),
            numbers=(1, 2),
        )
        write_markdown(word, post.text, heading_level=4)
        if post.missions:
            word.heading("Activités du référentiel faites dans l’année", 4)
        for mission in post.missions:
            done = f"{mission.title} ({len(mission.done)} sur {mission.total})"
            word.paragraph(done, "List Bullet")
            for title in mission.done:
                word.paragraph(title, "List Bullet 2")
        for name, text in post.texts:
            word.heading(name, 4)
            write_markdown(word, text, heading_level=5)
        for name, words in post.money:
            word.labelled(f"{name}.", words)
    for post in content.posts_over_years:
        _write_post_over_years(word, post)


def _introduce_post(word: WordDocument, post: PostLine | PostOverYears, besides: str = "") -> None:
    word.heading(post.title, 3)
    employer = f"Employeur : {post.employer}. " if post.employer else ""
    summary = f"{post.summary[:1].upper()}{post.summary[1:]}."
    word.paragraph(f"{employer}{summary} {besides}".strip())


def _write_post_over_years(word: WordDocument, post: PostOverYears) -> None:
    _introduce_post(word, post, post.sentence_on_gaps)
    write_markdown(word, post.text, heading_level=4)
    for result in post.brought:
        word.heading(result.name, 4)
        for text in [] if result.text else result.years:
            word.labelled(f"En {text.year} :", "")
            write_markdown(word, text.text, heading_level=5)
        write_markdown(word, result.text, heading_level=5)
    if not post.years:
        return
    totals = [post.total_fte] if len(post.fte) > 1 else []
    _write_over_years(word, [*post.fte, *totals], post.years, "Moyenne")
    _write_over_years(word, post.money, post.years, "Ensemble")
    for mission in post.missions:
        word.heading(f"{mission.title} ({mission.summary})", 4)
        for activity in mission.activities:
            word.paragraph(f"{activity.title} : {activity.years_in_words}", "List Bullet")


def _write_over_years(
    word: WordDocument, rows: list[CountedOverYears], years: list[int], over: str
) -> None:
    columns = ["Prévu par an", *map(str, years), over]
    width = 0.64 / len(columns)
    word.table(
        ["Ce qui est compté", *columns],
        [
            [
                row.title,
                row.planned or "–",
                *(cell.text or NOT_FILLED_IN for cell in row.years),
                " ".join(filter(None, [row.over or "–", row.note])),
            ]
            for row in rows
        ],
        widths=(0.36, *[width] * len(columns)),
        numbers=tuple(range(1, len(columns) + 1)),
    )


def _write_communes(word: WordDocument, content: ReportContent) -> None:
    """Write a table for each indicator; its map becomes a sentence."""
    word.heading("Commune par commune", 2)
    for table in content.communes:
        word.heading(f"{table.title}, {table.year}", 3)
        if table.map and not table.per:
            word.paragraph(table.map.title)
        elif table.lead:
            word.paragraph(table.lead)
        rows = [
            [
                f"{line.name} ({line.note})" if line.note else line.name,
                line.figure,
                *([line.ratio] if table.per else []),
            ]
            for line in [*table.wholes, *table.lines]
        ]
        ratio = [table.per.capitalize()] if table.per else []
        head = ["Commune", table.unit.capitalize(), *ratio]
        widths = (0.5, 0.25, 0.25) if table.per else (0.7, 0.3)
        word.table(head, rows, widths=widths, numbers=tuple(range(1, len(head))))
        word.paragraph(table.source)


def _write_axes(word: WordDocument, content: ReportContent, pictures: Pictures) -> None:
    for axis in content.axes:
        _write_axis(word, axis, content, pictures)


def _write_axis(
    word: WordDocument, axis: ReportAxis, content: ReportContent, pictures: Pictures
) -> None:
    word.heading(f"{content.words.axis}\u00a0{axis.mark}. {axis.title}", 2)
    for theme in axis.themes:
        if theme.title:
            word.heading(f"{theme.number} {theme.title}".strip(), 3)
        word.paragraph(theme.lead)
        write_markdown(word, theme.narrative, heading_level=4, pictures=pictures)
        _write_objectives(word, f"{content.words.objectives} de la convention", theme.signed)
        _write_objectives(
            word, f"{content.words.objectives} du comité de pilotage", theme.committee
        )
        if theme.rows:
            _write_indicators(word, theme)
        if theme.actions:
            _write_actions(word, theme.actions, content)


def _write_objectives(word: WordDocument, title: str, objectives: list[ReportObjective]) -> None:
    if objectives:
        word.heading(title, 4)
    for objective in objectives:
        name = " ".join(filter(None, [objective.code, objective.title]))
        answers = [f"{light.who} : {light.word}" for light in objective.lights]
        years = [f"{cell.year} : {cell.word}" for cell in objective.years]
        notes = [objective.aim, *(answers or [objective.status]), objective.appreciation, *years]
        details = " ; ".join(filter(None, notes))
        style = f"List Bullet{' 2' if objective.level == 2 else ''}"
        word.paragraph(f"{name} ({details})" if details else name, style)
        write_markdown(word, objective.justification, heading_level=5)


def _write_indicators(word: WordDocument, theme: ReportTheme) -> None:
    word.heading("Indicateurs", 4)
    years = [str(year) for year in theme.columns.years]
    width = 0.66 / (len(years) + 3)
    word.table(
        ["Indicateur", "Initiale", *years, "Cible", "Chemin"],
        [_indicator(row) for row in theme.rows],
        widths=[0.34] + [width] * (len(years) + 3),
        numbers=range(1, len(years) + 4),
    )
    for drawing in theme.drawings:
        word.paragraph(f"{drawing.chart.title}. {drawing.source}.")
    notes = [*theme.sources, *theme.signs]
    word.paragraph(f"{' ; '.join(note.rstrip('.') for note in notes)}.")


def _indicator(row: IndicatorRow) -> list[str]:
    def dated(number: str, year: str) -> str:
        return f"{number} ({year})" if number and year else number

    return [
        f"{row.title} ({row.unit}), {row.movement}",
        dated(row.baseline, row.baseline_year),
        *map(_figure, row.figures),
        dated(row.target, row.target_year),
        row.attainment,
    ]


def _figure(cell: FigureCell) -> str:
    partial = f"(partiel : {cell.partial})" if cell.partial else ""
    return " ".join(filter(None, [cell.text, cell.mark, partial]))


def _write_actions(word: WordDocument, actions: list[ActionLine], content: ReportContent) -> None:
    word.heading("Les actions", 4)
    word.paragraph(content.actions_caption)
    word.table(
        ["Action", "Où elle en est", "Avancement", content.spent],
        [_action(action) for action in actions],
        widths=(0.4, 0.22, 0.16, 0.22),
    )
    for action in actions:
        if action.note:
            word.heading(f"Bilan {content.period} de l’action {action.number} {action.title}", 5)
            write_markdown(word, action.note.text, heading_level=6)
            for name, text in action.note.parts:
                word.labelled(f"{name}.", "")
                write_markdown(word, text, heading_level=6)


def _action(line: ActionLine) -> list[str]:
    state = [line.state, line.late, line.since, line.reason]
    percent = "" if line.percent is None else f"{line.percent} % {line.measured}".strip()
    money = [line.money.spent or "non renseigné", *line.money.comparisons]
    return [
        "\n".join(filter(None, [f"{line.number} {line.title}", line.leads, line.period])),
        "\n".join(filter(None, state)),
        percent,
        "\n".join(money),
    ]


def _write_money(word: WordDocument, table: MoneyTable) -> None:
    def text(cell: MoneyCell) -> str:
        return f"{cell.text} ({cell.note})" if cell.note else cell.text

    def share(row: MoneyRow) -> str:
        return f"{row.share} ({row.basis})" if row.basis else row.share

    word.heading(table.caption, 3)
    rows = [*table.rows, *([table.total] if table.total else [])]
    word.table(
        [table.heading, "Prévu", "Accordé", "Dépensé", "Part dépensée"],
        [
            [row.title, text(row.planned), text(row.granted), text(row.spent), share(row)]
            for row in rows
        ],
        widths=(0.32, 0.18, 0.18, 0.18, 0.14),
        numbers=range(1, 5),
    )


def _write_criteria(word: WordDocument, content: ReportContent, pictures: Pictures) -> None:
    word.heading("Les critères d’évaluation", 2)
    word.paragraph(f"Échelle : {', '.join(content.scale)}.")
    for criterion in content.criteria:
        word.heading(f"{criterion.title} : {criterion.mark.lower() or 'sans appréciation'}", 3)
        if criterion.question:
            word.paragraph(criterion.question)
        write_markdown(word, criterion.text, heading_level=4, pictures=pictures)


def _write_means(word: WordDocument, content: ReportContent) -> None:
    word.heading("Les moyens", 2)
    word.paragraph(content.means.sentence)
    for table in content.means.tables:
        _write_money(word, table)


def _write_brief(word: WordDocument, content: ReportContent) -> None:
    word.heading("La convention en bref", 2)
    word.paragraph(f"{content.convention}, {content.term}, pour le territoire suivant : "
                   f"{content.territory}.")  # fmt: skip
    for party in content.parties:
        chairs = ", co-animateur du comité de pilotage" if party.chairs else ""
        word.paragraph(f"{party.name}{chairs}", "List Bullet")


def _write_all_gaps(word: WordDocument, content: ReportContent) -> None:
    word.heading(content.gaps_title, 2)
    for title, groups in (
        ("Chiffres manquants", content.missing),
        ("Chiffres partiels, provisoires ou non vérifiés", content.provisional),
        ("Bilans manquants", content.unwritten),
    ):
        _write_gaps(word, title, groups)


def _write_definitions(word: WordDocument, content: ReportContent) -> None:
    word.heading("Méthode et sources", 2)
    for paragraph in content.method:
        word.paragraph(paragraph)
    for definition in content.definitions:
        word.labelled(f"{definition.title}.", f"{definition.text} {definition.details}")


def _write_glossary(word: WordDocument, content: ReportContent) -> None:
    word.heading("Les mots de ce document", 2)
    for term in content.glossary:
        word.labelled(f"{term.name}.", term.meaning)


def _write_gaps(word: WordDocument, title: str, groups: list[GapsOf]) -> None:
    if groups:
        word.heading(title, 3)
    for group in groups:
        word.labelled(group.organisation, "")
        for gap in group.gaps:
            word.paragraph(f"{gap.title} : {gap.text}", "List Bullet")


def _without_pictures(write: Callable[[WordDocument, ReportContent], None]) -> Writer:
    return lambda word, content, pictures: write(word, content)


# By the key of the section.
WRITERS: dict[str, Writer] = {
    "opening": lambda word, content, pictures: _write_texts(word, content.opening, pictures),
    "summary": _without_pictures(_write_summary),
    "brief": _without_pictures(_write_brief),
    "stakes": _without_pictures(_write_stakes),
    "axes": _write_axes,
    "communes": _without_pictures(_write_communes),
    "means": _without_pictures(_write_means),
    "posts": _without_pictures(_write_posts),
    "governance": _without_pictures(_write_governance),
    "criteria": _write_criteria,
    "closing": lambda word, content, pictures: _write_texts(word, content.closing, pictures),
    "gaps": _without_pictures(_write_all_gaps),
    "definitions": _without_pictures(_write_definitions),
    "glossary": _without_pictures(_write_glossary),
}
