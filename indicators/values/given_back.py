"""Give back the figures of a form that is refused as a whole: its campaign, or the person's access,
has ended."""

import re
from collections import defaultdict

from accounts.models import User
from conventions.models import Commune, Convention
from indicators.definitions.definition import Definition
from indicators.figures.campaigns import CampaignIndicator
from indicators.values.entry import SEMICOLON
from indicators.values.forms import ABSENCES

ROW = re.compile(r"v(?P<entry>\d{1,18})(?:-(?P<commune>\d{1,18}))?-(?P<field>[a-z]+)")
FIELDS = ["figure", "numerator", "denominator", "absence", "reason", "why", "comment", "beside"]


class GivesBackFigures:
    """Mixin of a view to which figures are sent: if all is refused, they are given back."""

    def setup(self, request, *args, **kwargs):
        request.read_typed = figures_in
        super().setup(request, *args, **kwargs)


def figures_in(request) -> list[str]:
    """Return what was typed, to be copied: the rows of a form as one text, a line each, and a
    pasted block as it is. A row has its label if the person still sees it, else its rank."""
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


def _rows_in(sent) -> dict[tuple, dict[str, str]]:
    """Return what is typed in each row, by the keys in its field names; by () for the page of one
    figure."""
    rows, absences = defaultdict(dict), dict(ABSENCES)
    for name, text in sent.items():
        matched = ROW.fullmatch(name)
        key = (matched["entry"], matched["commune"]) if matched else ()
        field = matched["field"] if matched else name
        if matched or field in FIELDS:
            field_text = absences.get(text, "") if text and field == "absence" else text
            rows[key][field] = field_text.strip()
    return rows


def _labels(user: User, rows) -> dict[tuple, str]:
    """Return the labels of rows, of conventions that the person sees."""
    if not user.is_authenticated:
        return {}
    seen = Convention.objects.visible_to(user)
    keys = [key for key in rows if key]
    entries = CampaignIndicator.objects.filter(
        pk__in={int(entry) for entry, _ in keys}, campaign__convention__in=seen
    )
    entries = entries.select_related("version")
    titles = {str(row.pk): Definition.of(row.version).title for row in entries}
    communes = Commune.objects.filter(
        pk__in={int(commune) for _, commune in keys if commune}, convention__in=seen
    )
    names = {str(pk): name for pk, name in communes.values_list("pk", "name")}
    return {
        (entry, commune): ", ".join(filter(None, [titles[entry], names.get(commune)]))
        for entry, commune in keys
        if entry in titles
    }
