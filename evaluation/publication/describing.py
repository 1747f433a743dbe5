"""Describe, in Markdown, a content that the parties are asked to agree to."""

from collections.abc import Iterable

from ctg_portal.templatetags.french import enumerate_words, plural
from evaluation.publication.differences import ContentChange
from evaluation.report.content import ReportContent

MOST_LINES = 30
LONGEST = 160


def describe_first(content: ReportContent) -> str:
    """Return what a content has, for parties that know none before: « Évaluation annuelle 2023 : 58
    indicateurs, 34 actions et 9 textes. »"""
    themes = [theme for axis in content.axes for theme in axis.themes]
    texts = [*content.opening, *content.closing, *(theme for theme in themes if theme.narrative)]
    texts += [criterion for criterion in content.criteria if criterion.text]
    counted = [
        (sum(len(theme.rows) for theme in themes), "indicateur,indicateurs"),
        (sum(len(theme.actions) for theme in themes), "action,actions"),
        (len(texts), "texte,textes"),
    ]
    counts_text = enumerate_words(plural(count, forms) for count, forms in counted if count)
    return f"{content.title} : {counts_text or 'rien n’est encore écrit ni recueilli'}."


def describe_changes(changes: Iterable[ContentChange]) -> str:
    """Return a line of a Markdown list for each of the first ``MOST_LINES`` changes, then how many
    others there are; empty without changes. Former and new words stand in it only where both are
    short and no draft: the register is read by people who read no draft."""
    changes = list(changes)
    lines = [f"- {_describe_change(change)}" for change in changes[:MOST_LINES]]
    if rest := len(changes) - MOST_LINES:
        lines += [f"- et {plural(rest, 'autre changement,autres changements')}"] * (rest > 0)
    return "\n".join(lines)


def _describe_change(change: ContentChange) -> str:
    """Return « label : « before » devient « after » », « …, nouveau » or « …, retiré »; the label
    alone for a draft, and for what is long or not shown."""
    before, after = change.before.strip(), change.text.strip()
    is_long = max(len(before), len(after)) > LONGEST or "\n" in before + after
    if change.is_draft or is_long or not change.pieces:
        return change.label
    if not before:
        return f"{change.label} : « {after} », nouveau"
    if not after:
        return f"{change.label} : « {before} », retiré"
    return f"{change.label} : « {before} » devient « {after} »"
