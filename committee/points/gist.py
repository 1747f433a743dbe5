"""What a version changes, in one sentence: a fixed grammar over the fields that differ.

Nothing is said that the contents do not say; what does not fit into few words is counted or named.
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
from ctg_portal.templatetags.french import enumerate_words, in_words
from ctg_portal.typography import polish

# What is quoted in a sentence; longer texts are only named.
SHORT = 60
NAMED = 4
# Of something new: so many facts, in two lines of a telephone.
FIRST_TOLD = 2
TWO_LINES = 85


def gist_of(version: Version, before: Version | None) -> str:
    """What ``version`` changes from ``before``; what it opens, without."""
    word = version.word
    if version.ends:
        the = word.the
        return polish(f"{_capital(the)} prend fin.")
    if before is None:
        return polish(_new(version))
    fields = version.commitment.fields
    after = ordered_like(fields, before.content, version.content)
    return polish(_changed(fields, before.content, after))


def _new(version: Version) -> str:
    """« Nouvel objectif. Échéance : 31 décembre 2026 ; mesure : nombre de lieux. »: the first facts
    that are short, the second where it fits; neither what it is called nor what it belongs to,
    which the list says."""
    word = version.word
    new = f"{'Nouvelle' if word.is_feminine else _new_before(word.one)} {word.one}"
    told, room = [], TWO_LINES - len(new)
    for one in version.commitment.fields:
        value = version.content.get(one.name)
        text = one.show(value)
        is_named = one.name in ("title", "code") or isinstance(one, Link | Links | Choice | Flag)
        if is_named or not one.is_informative(value) or not _is_short(one, text):
            continue
        fact = f"{_inside(one.label) if told else one.label} : {text}"
        room -= len(fact) + len(" ; ")
        if told and room < 0:
            break
        told.append(fact)
        if len(told) == FIRST_TOLD:
            break
    return f"{new}. {' ; '.join(told)}." if told else f"{new}."


def _new_before(noun: str) -> str:
    return "Nouvel" if noun[:1].lower() in "aeiouyéèêâîôûh" else "Nouveau"


def _changed(fields, before: Mapping, after: Mapping) -> str:
    changed = [
        one for one in fields
        if not isinstance(one, Key)
        and one.show(before.get(one.name)) != one.show(after.get(one.name))
    ]  # fmt: skip
    if not changed:
        return _beside_the_text(fields, before, after)
    if len(changed) == 1:
        return sentence_of(changed[0], before, after)
    names = [_inside(one.label) for one in changed]
    if len(names) > NAMED:
        names = [*names[: NAMED - 1], in_words(len(names) - NAMED + 1, "autre,autres")]
    count = _capital(in_words(len(changed), "champ change,champs changent"))
    return f"{count} : {enumerate_words(names)}."


def _beside_the_text(fields, before: Mapping, after: Mapping) -> str:
    """What changes that no word tells: to which account a name belongs."""
    beside = [
        _inside(one.label) for one in fields
        if not isinstance(one, Key) and before.get(one.name) != after.get(one.name)
    ]  # fmt: skip
    if not beside:
        return "Le texte reste le même."
    return f"Le texte reste le même ; le compte rattaché change : {enumerate_words(beside)}."


def sentence_of(one: Field, before: Mapping, after: Mapping) -> str:
    """How one field changes."""
    was, now = before.get(one.name), after.get(one.name)
    if said := one.change(was, now, after):
        return said
    if isinstance(one, Children):
        return _children(one, was or [], now or [])
    return _told(one, one.show(was), one.show(now))


def _told(one: Field, was: str, now: str) -> str:
    if not was:
        is_short = _is_short(one, now)
        return f"{one.label} : {_quoted(one, now)}." if is_short else f"{one.label} : un texte."
    if not now:
        return f"{one.label} : plus rien n’est dit."
    if not (_is_short(one, was) and _is_short(one, now)):
        return f"Le texte change : {_inside(one.label)}."
    instead = "au lieu du" if isinstance(one, Day) else "au lieu de"
    return f"{one.label} : {_quoted(one, now)} {instead} {_quoted(one, was)}."


def _children(one: Children, before: list, after: list) -> str:
    was, now = ([one.show_child(child) for child in rows] for rows in (before, after))
    gone = [text for text in was if text not in now]
    come = [text for text in now if text not in was]
    if len(come) <= 1 and len(gone) <= 1 and all(_is_short(one, text) for text in come + gone):
        parts = [
            *(f"« {text} » en plus" for text in come),
            *(f"« {text} » en moins" for text in gone),
        ]
        if parts:
            return f"{one.label} : {', '.join(parts)}."
    counts = [
        f"{_lines(len(rows))} {word}"
        for rows, word in ((come, "en plus"), (gone, "en moins"))
        if rows
    ]  # fmt: skip
    return f"{one.label} : {', '.join(counts) or 'l’ordre change'}."


def _lines(count: int) -> str:
    return "une ligne" if count == 1 else in_words(count, "ligne,lignes")


def _is_short(one: Field, text: str) -> bool:
    return len(text) <= SHORT and "\n" not in text and not getattr(one, "is_prose", False)


def _quoted(one: Field, text: str) -> str:
    return f"« {text} »" if isinstance(one, Text) and not isinstance(one, Flag) else text


def _inside(label: str) -> str:
    """A label within a sentence; an acronym keeps its capitals."""
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
