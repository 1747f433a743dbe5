"""Give back the figures of a form that is refused as a whole: its campaign, or the person's access,
has ended."""

import re
from collections import defaultdict
from collections.abc import Iterable

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, QueryDict

from accounts.models import User
from conventions.models import Commune, Convention
from indicators.definitions.definition import Definition
from indicators.figures.campaigns import CampaignIndicator
from indicators.values.entry import SEMICOLON
from indicators.values.forms import ABSENCES

ROW = re.compile(r"v(?P<entry>\d{1,18})(?:-(?P<commune>\d{1,18}))?-(?P<field>[a-z]+)")
RowKey = tuple[str, str | None] | tuple[()]
FIELDS = ["figure", "numerator", "denominator", "absence", "reason", "why", "comment", "beside"]


class GivesBackFigures:
    """Mixin of a view to which figures are sent: if all of it is refused, the page of the refusal
    shows them to be copied."""

    def setup(self, request, *args, **kwargs):
        """Set ``read_typed`` of the request before anything may refuse it: the page of a refusal
        reads by it what was typed."""
        request.read_typed = figures_in
        super().setup(request, *args, **kwargs)


def figures_in(request: HttpRequest) -> list[str]:
    """Return what was sent, to be copied: the rows of the form as one text, a line each, then a
    pasted block as it is. A row is named by its label if the person still sees its convention, else
    by its rank; without any text the list is empty."""
    sent = request.POST
    rows = _rows_in(sent)
    labels = _labels(request.user, rows)
    lines = []
    for rank, (key, typed) in enumerate(rows.items(), start=1):
        line = SEMICOLON.join(typed[name] for name in FIELDS if typed.get(name))
        if line and key:
            line = f"{labels.get(key, f'Ligne {rank}')}\u00a0: {line}"
        lines += [line] if line else []
    blocks = [sent["block"]] if sent.get("block", "").strip() else []
    return ["\n".join(lines), *blocks] if lines else blocks


def _rows_in(sent: QueryDict) -> dict[RowKey, dict[str, str]]:
    """Return what was sent in the fields of each row, of an absence its label, by the row's keys:
    entry and commune (None for the territory); () for the page of one figure."""
    rows: dict[RowKey, dict[str, str]] = defaultdict(dict)
    absences = dict(ABSENCES)
    for name, text in sent.items():
        matched = ROW.fullmatch(name)
        key = (matched["entry"], matched["commune"]) if matched else ()
        field = matched["field"] if matched else name
        if matched or field in FIELDS:
            typed = str(text).strip()
            rows[key][field] = absences.get(typed, "") if typed and field == "absence" else typed
    return rows


def _labels(user: User | AnonymousUser, rows: Iterable[RowKey]) -> dict[RowKey, str]:
    """Return the labels of the rows in conventions that the person sees; others are left out."""
    if not user.is_authenticated:
        return {}
    seen = Convention.objects.visible_to(user)
    keys = [key for key in rows if key]
    entries = CampaignIndicator.objects.filter(
        pk__in={int(entry) for entry, _ in keys}, campaign__convention__in=seen
    )
    entries = entries.select_related("version")
    titles = {str(entry.pk): Definition.of(entry.version).title for entry in entries}
    communes = Commune.objects.filter(
        pk__in={int(commune) for _, commune in keys if commune}, convention__in=seen
    )
    names: dict[str | None, str] = {
        str(pk): name for pk, name in communes.values_list("pk", "name")
    }
    return {
        (entry, commune): ", ".join(filter(None, [titles[entry], names.get(commune)]))
        for entry, commune in keys
        if entry in titles
    }
