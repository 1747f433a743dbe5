"""Rows written only when something differs, deleted only when nothing hangs on them; the report."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model

from conventions.journal.models import Setting
from conventions.journal.recording import Settled
from conventions.legal.convention import Amendment, Convention
from conventions.legal.structure import Axis, Objective, Origin, Theme
from conventions.legal.text import TextPart
from conventions.legal.words import Word, Words
from conventions.loading.dependencies import reasons_to_keep
from conventions.parties.cooperation import KEPT_RANK
from conventions.parties.models import Organisation
from conventions.territory.models import Sector

CHANGE_REASON = "Fichier de convention"

NAMES = {
    "annexe": Word("annexe", "annexes", "f"),
    "commune": Word("commune", "communes", "f"),
    "partie": Word("partie", "parties", "f"),
}


def is_editable(row: Model) -> bool:
    """Return whether a file may change a part of the text: it is as signed, not the committee's,
    and no amendment has changed or ended it."""
    return (
        row.since.number == 0
        and row.until_id is None
        and getattr(row, "origin", Origin.SIGNATURE) == Origin.SIGNATURE
    )


@dataclass
class LoadReport:
    """The outcome of a load. Each counter counts rows by what French calls them.

    ``preserved`` rows are those that the file no longer has, or wants otherwise, and that stay as
    they were; each has its sentence at the head of ``warnings``, before the points to check.
    ``natures``: how many passages of the file are objectives, and how many are not.
    """

    convention: Convention
    created: Counter[str] = field(default_factory=Counter)
    updated: Counter[str] = field(default_factory=Counter)
    unchanged: Counter[str] = field(default_factory=Counter)
    deleted: Counter[str] = field(default_factory=Counter)
    preserved: Counter[str] = field(default_factory=Counter)
    natures: Counter[bool] = field(default_factory=Counter)
    warnings: list[str] = field(default_factory=list)

    @property
    def has_changes(self) -> bool:
        """Whether the load has written anything."""
        return any((self.created, self.updated, self.deleted))


class Rows:
    """Writes the rows of one convention and reports what it does."""

    def __init__(self, report: LoadReport):
        self.report = report
        self.convention = report.convention
        self.amendment: Amendment | None = None
        self.was_signed = False  # before this load
        self.is_laxer_secrecy_agreed = False
        self.is_from_host = True
        self.settled = Settled(self.convention)

    def write(self, row: Model, **values: Any) -> bool:
        """Save the row with these values if it is new, or one differs; return whether it was saved,
        and count it in the report."""
        is_new = row._state.adding
        differing = self._differing(row, values)
        if not is_new and not differing:
            self._count(self.report.unchanged, row)
            return False
        for name, value in differing.items():
            setattr(row, name, value)
        row._change_reason = CHANGE_REASON
        row.save()
        self._count(self.report.created if is_new else self.report.updated, row)
        return True

    def unless_settled(
        self, setting: Setting, wanted: Any, now: Any, organisation: Organisation | None = None
    ) -> Any:
        """Return the value of a setting to write: ``wanted``, the file's, or the one that stands
        ``now`` where the file is older than the page that set it, with a warning."""
        key = organisation.pk if organisation else None
        if not self.settled.is_outdated(setting, key, wanted, now):
            return wanted
        whose = f"{organisation.acronym} : " if organisation else ""
        self.report.warnings.append(
            f"{whose}{setting.label}, réglé depuis sur le portail : le fichier a l’ancien, qui "
            "n’est pas repris."
        )
        return now

    def write_or_leave(self, row: Model, **values: Any) -> None:
        """Write a part of the text that a file may change; leave any other, with a warning where it
        differs in more than its rank."""
        if row._state.adding or is_editable(row):
            self.write(row, **values)
        elif self._differing(row, {k: v for k, v in values.items() if k != "rank"}):
            self._count(self.report.preserved, row)
            by = "du comité" if row.since.number == 0 and row.until_id is None else "d’un avenant"
            is_feminine = self._word(row).is_feminine
            as_is = "elle est laissée telle quelle" if is_feminine else "il est laissé tel quel"
            self.report.warnings.append(f"{self._label(row)} relève {by} ; {as_is}.")
        else:
            self._count(self.report.unchanged, row)

    def delete_or_keep(self, row: Model, along: tuple[type[Model], ...] = ()) -> bool:
        """Delete a row with its parts ``along`` and return True; where others depend on it, keep it
        behind all others, with a warning, and return False."""
        reasons = reasons_to_keep(row, along)
        if not reasons:
            self._count(self.report.deleted, row)
            row._change_reason = CHANGE_REASON
            row.delete()
            return True
        self._count(self.report.preserved, row)
        stays = "elle est conservée" if self._word(row).is_feminine else "il est conservé"
        self.report.warnings.append(
            f"{self._label(row)} n’est plus dans le fichier ; {stays} car {' et '.join(reasons)}."
        )
        if hasattr(row, "rank") and row.rank < KEPT_RANK:
            row.refresh_from_db()  # it may have followed what contains it
            row.rank += KEPT_RANK
            row._change_reason = CHANGE_REASON
            row.save()
        return False

    def delete_or_keep_signed(self, parts: Iterable[Model]) -> None:
        """Delete or keep those of these parts that a file may change."""
        for part in parts:
            if is_editable(part):
                self.delete_or_keep(part)

    def _differing(self, row: Model, values: dict[str, Any]) -> dict[str, Any]:
        """Return the values that differ from the row's."""
        # A relation is compared by its key, which asks no query.
        return {
            name: value
            for name, value in values.items()
            if getattr(row, row._meta.get_field(name).attname)
            != (value.pk if isinstance(value, Model) else value)
        }

    def _label(self, row: Model) -> str:
        """Return how a warning calls a row: « l’article 5 », « la commune « Thuré » »."""
        name = row.number if isinstance(row, TextPart) else f"« {row} »"
        return f"{self._word(row).the} {name}"

    def _word(self, row: Model) -> Word:
        """Return the noun for the kind of a row, the territory's own where it has one."""
        # The territory’s own words, read late: the file may just have changed them.
        words = Words.from_labels(self.convention.labels)
        own = {
            Axis: words.axis, Theme: words.theme, Objective: words.objective, Sector: words.sector
        }  # fmt: skip
        name = row._meta.verbose_name
        return own.get(type(row)) or NAMES.get(name) or Word(name, name, "m")

    @staticmethod
    def _count(counter: Counter[str], row: Model) -> None:
        # The text as signed is the convention itself, not an amendment that one would count.
        if not isinstance(row, Amendment):
            counter[row._meta.verbose_name] += 1
