"""What a version changes, in one sentence or three: a fixed grammar over the fields that differ.

The sentence states only what the contents state; what does not fit into few words is counted or
named.
"""

from collections.abc import Mapping

from agreements.commitments.fields import (
    Children,
    Choice,
    Day,
    Field,
    Flag,
    Key,
    Link,
    Links,
    Text,
    ordered_like,
)
from agreements.models import Version
from committee.words import capitalized
from conventions.models import Organisation
from ctg_portal.templatetags.french import enumerate_words, in_words
from ctg_portal.text.sentences import uncapitalized
from ctg_portal.text.typography import polish

# Longer texts are named, not quoted.
SHORT = 60
NAMED = 4
# Of a new row, so many facts in two lines of a telephone.
FIRST_FACTS = 2
TWO_LINES = 85


def gist_of(version: Version, before: Version | None) -> str:
    """Return in a sentence what changes from ``before``; for None, what a new row is about."""
    word = version.word
    if version.ends:
        the = word.the
        return polish(f"{capitalized(the)} prend fin.")
    if before is None:
        return polish(_new(version))
    fields = version.commitment.fields
    after = ordered_like(fields, before.content, version.content)
    return polish(_changed(fields, before.content, after))


def sentences_of(
    version: Version, before: Version | None, reader: Organisation | None
) -> list[str]:
    """Return what changes from ``before`` and what that asks of the reader's organisation, in three
    sentences at most; for no ``before``, what a new row is."""
    word = version.word
    if version.ends:
        it = "la" if word.is_feminine else "le"
        return [
            polish(
                f"{capitalized(word.the)} prend fin\u00a0: on cesse de {it} poursuivre dès que "
                "toutes les parties l’ont accepté."
            )
        ]
    if before is None:
        sentences = version.commitment.describe_row(version.content)
        sentences = sentences or [f"{fact}." for fact in _first_facts(version, 2 * SHORT)]
    else:
        fields = version.commitment.fields
        after = ordered_like(fields, before.content, version.content)
        sentences = _each_change(fields, before.content, after)
    part = describe_part(version, before, reader)
    return [*map(polish, sentences), *([part] if part else [])]


def describe_part(version: Version, before: Version | None, reader: Organisation | None) -> str:
    """Return what a version asks of the reader's organisation, or changes for it; empty where it
    ends its row, or its kind asks nothing."""
    if version.ends:
        return ""
    former = before.content if before else None
    return polish(version.commitment.describe_part(reader, version.content, former))


def _new(version: Version) -> str:
    """Return what the kind says of a new row; else its first short facts, the second where it fits:
    « Nouvel objectif. Échéance : 31 décembre 2026 ; mesure : nombre de lieux. »"""
    new = label_new(version)
    if about := version.commitment.describe_new(version.content):
        return f"{new} : {about}."
    first, *others = _first_facts(version, TWO_LINES - len(new)) or [""]
    facts = [first, *map(uncapitalized, others)]
    return f"{new}. {' ; '.join(facts)}." if first else f"{new}."


def label_new(version: Version) -> str:
    """Return « Nouvel indicateur », in the words of the convention."""
    word = version.word
    has_vowel = word.singular[:1].lower() in "aeiouyéèêâîôûh"
    masculine = "Nouvel" if has_vowel else "Nouveau"
    return f"{'Nouvelle' if word.is_feminine else masculine} {word.singular}"


def _first_facts(version: Version, room: int) -> list[str]:
    """Return the first short fields that say something, « Échéance : 31 décembre 2026 », the second
    where ``room`` holds it. Title and links are left out: the page shows them."""
    facts: list[str] = []
    for field in version.commitment.fields:
        value = version.content.get(field.name)
        text = field.show(value)
        is_named = field.name in ("title", "code") or isinstance(
            field, Link | Links | Choice | Flag
        )
        if is_named or not field.is_informative(value) or not _is_short(field, text):
            continue
        fact = f"{field.label} : {text}"
        room -= len(fact) + len(" ; ")
        if facts and room < 0:
            break
        facts.append(fact)
        if len(facts) == FIRST_FACTS:
            break
    return facts


def _changed_fields(fields, before: Mapping, after: Mapping) -> list[Field]:
    return [
        field for field in fields
        if not isinstance(field, Key)
        and field.show(before.get(field.name)) != field.show(after.get(field.name))
    ]  # fmt: skip


def _changed(fields, before: Mapping, after: Mapping) -> str:
    """Return how the fields differ: the one that changes in full, several by name and number."""
    changed = _changed_fields(fields, before, after)
    if not changed:
        return _account_changes(fields, before, after)
    if len(changed) == 1:
        return describe_change(changed[0], before, after)
    count = capitalized(in_words(len(changed), "champ change,champs changent"))
    return f"{count} : {_named(changed)}."


def _each_change(fields, before: Mapping, after: Mapping) -> list[str]:
    """Return how the fields differ in two sentences at most: the first that changes in full, those
    after the second by name and number."""
    changed = _changed_fields(fields, before, after)
    if not changed:
        return [_account_changes(fields, before, after)]
    first, *others = changed
    sentences = [describe_change(first, before, after)]
    if len(others) == 1:
        sentences.append(describe_change(others[0], before, after))
    elif others:
        count = capitalized(in_words(len(others), "autre champ change,autres champs changent"))
        sentences.append(f"{count} : {_named(others)}.")
    return sentences


def _named(changed: list[Field]) -> str:
    """Return the labels of fields in a list; beyond some, the number of the others."""
    names = [uncapitalized(field.label) for field in changed]
    if len(names) > NAMED:
        names = [*names[: NAMED - 1], in_words(len(names) - NAMED + 1, "autre,autres")]
    return enumerate_words(names)


def _account_changes(fields, before: Mapping, after: Mapping) -> str:
    """Return the sentence for a change that no word shows: to which account a name belongs."""
    labels = [
        uncapitalized(field.label) for field in fields
        if not isinstance(field, Key) and before.get(field.name) != after.get(field.name)
    ]  # fmt: skip
    if not labels:
        return "Le texte reste le même."
    return f"Le texte reste le même ; le compte rattaché change : {enumerate_words(labels)}."


def describe_change(field: Field, before: Mapping, after: Mapping) -> str:
    """Return how one field changes, in a sentence."""
    was, now = before.get(field.name), after.get(field.name)
    if own_sentence := field.change(was, now, after):
        return own_sentence
    if isinstance(field, Children):
        return _children(field, was or [], now or [])
    return _text_change(field, field.show(was), field.show(now))


def _text_change(field: Field, was: str, now: str) -> str:
    """Return how a text changes: both texts where they are short, else only that it changes."""
    if not was:
        is_short = _is_short(field, now)
        return (
            f"{field.label} : {_quoted(field, now)}." if is_short else f"{field.label} : un texte."
        )
    if not now:
        return f"{field.label} : plus rien n’est dit."
    if not (_is_short(field, was) and _is_short(field, now)):
        return f"Le texte change : {uncapitalized(field.label)}."
    instead = "au lieu du" if isinstance(field, Day) else "au lieu de"
    return f"{field.label} : {_quoted(field, now)} {instead} {_quoted(field, was)}."


def _children(field: Children, before: list, after: list) -> str:
    """Return which rows of a list came and went: quoted if at most one short row each, else
    counted, or that the order changes."""
    was, now = ([field.show_child(child) for child in rows] for rows in (before, after))
    gone = [text for text in was if text not in now]
    come = [text for text in now if text not in was]
    if len(come) <= 1 and len(gone) <= 1 and all(_is_short(field, text) for text in come + gone):
        parts = [
            *(f"« {text} » en plus" for text in come),
            *(f"« {text} » en moins" for text in gone),
        ]
        if parts:
            return f"{field.label} : {', '.join(parts)}."
    counts = [
        f"{_lines(len(rows))} {word}"
        for rows, word in ((come, "en plus"), (gone, "en moins"))
        if rows
    ]  # fmt: skip
    return f"{field.label} : {', '.join(counts) or 'l’ordre change'}."


def _lines(count: int) -> str:
    return "une ligne" if count == 1 else in_words(count, "ligne,lignes")


def _is_short(field: Field, text: str) -> bool:
    return len(text) <= SHORT and "\n" not in text and not getattr(field, "is_prose", False)


def _quoted(field: Field, text: str) -> str:
    return f"« {text} »" if isinstance(field, Text) and not isinstance(field, Flag) else text
