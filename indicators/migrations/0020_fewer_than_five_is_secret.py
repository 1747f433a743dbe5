"""Fewer than five is secret where a provider states no rule.

What everybody could read on the day of the upgrade, of providers without a rule, is disclosed as it
was shown, nothing of it masked; everything else waits for its disclosure. Years that were closed
without a rule stay without. Small counts that are shown are noted for their provider to read.
"""

import datetime
import json
from decimal import Decimal

from django.db import migrations, models

TERRITORY = ""
SHOWN = ["submitted", "verified"]
THRESHOLD = 5
# As ``indicators.definitions.definition.is_counted`` had it.
NOT_COUNTED = {"%", "€", "k€", "m€", "euro", "euros", "point", "points"}


def keep_closed_years_without_rule(apps, schema_editor):
    apps.get_model("indicators", "CampaignIndicator").objects.filter(
        is_rule_frozen=True, masking_threshold=None, rounding_base=None
    ).update(opts_out_of_secrecy=True)


def disclose_as_shown(apps, schema_editor):
    CampaignIndicator = apps.get_model("indicators", "CampaignIndicator")
    Disclosure = apps.get_model("indicators", "Disclosure")
    # What was drawn for a preview did not heed what is disclosed here.
    Disclosure.objects.filter(disclosed_at=None).delete()
    entries = CampaignIndicator.objects.filter(disclosure=None).select_related(
        "campaign__convention", "version", "provider"
    )
    rows, perimeters = [], {}
    for entry in entries.order_by("pk").iterator():
        content = json.loads(entry.version.text)
        if not content.get("is_confidential") or has_rule(entry):
            continue
        values = list(entry.values.filter(state__in=SHOWN, number__isnull=False))
        if all(value.release_id for value in values):
            continue  # nothing is given, or nothing but a public statistic
        if entry.campaign_id not in perimeters and entry.grain == "commune":
            perimeters[entry.campaign_id] = perimeter_of(apps, entry.campaign)
        rows.append(as_shown(Disclosure, entry, content, values, perimeters))
    Disclosure.objects.bulk_create(rows, batch_size=200)


def as_shown(Disclosure, entry, content, values, perimeters):
    is_table = entry.grain == "commune"
    perimeter = perimeters[entry.campaign_id] if is_table else []
    given, numbers, whole = {}, {}, None
    for value in values:
        terms = terms_of(value, content)
        if is_table and value.commune_id is None:
            whole = terms or [value.number]
            continue
        place = f"c{value.commune_id}" if is_table else TERRITORY
        if terms:
            given[place] = terms
        else:
            numbers[place] = [value.number]
    totals = {}
    if is_table and content.get("aggregation", "none") != "none":
        totals = sums(given, dict(perimeter))
    if whole:
        totals[TERRITORY] = whole
    return Disclosure(
        campaign_indicator=entry,
        disclosed_at=max(value.submitted_at or value.entered_at for value in values),
        threshold=THRESHOLD,
        perimeter=perimeter,
        given=plain(given),
        shown=plain(given | numbers),
        totals=plain(totals),
    )


def terms_of(value, content):
    """None of a ratio that was given without its terms."""
    if content.get("calculation") != "ratio":
        return [value.number]
    return None if value.numerator is None else [value.numerator, value.denominator]


def has_rule(entry):
    """Whether a rule was stated for its figures: then they were disclosed already, or wait."""
    is_of_then = bool(entry.masking_threshold or entry.rounding_base)
    if entry.is_rule_frozen and entry.campaign.state == "closed":
        return is_of_then
    return is_of_then or bool(entry.provider.masking_threshold or entry.provider.rounding_base)


def perimeter_of(apps, campaign):
    """The communes of a year's figures, the least populated first, each with its sector."""
    Coverage = apps.get_model("conventions", "Coverage")
    rows = Coverage.objects.filter(commune__convention=campaign.convention)
    rows = rows.select_related("commune", "since", "until")
    start = campaign.convention.start
    if start is None:
        found = [row for row in rows if row.until_id is None]
    else:
        found = present(rows, max(datetime.date(campaign.year, 12, 31), start))
    found.sort(key=lambda row: (row.commune.population or 0, row.commune.insee_code))
    return [
        [f"c{row.commune_id}", f"s{row.sector_id}" if row.sector_id else None] for row in found
    ]


def present(rows, day):
    """Of each commune what took effect last by a day, unless it had ended or it was not there."""
    last = {}
    for row in rows:
        effect = order_of(row.since)
        if effect[0] <= day and (
            row.commune_id not in last or effect > order_of(last[row.commune_id].since)
        ):
            last[row.commune_id] = row
    return [
        row
        for row in last.values()
        if not has_ended(row, day)
        and (row.joined_on is None or row.joined_on <= day)
        and (row.left_on is None or row.left_on >= day)
    ]


def has_ended(row, day):
    """What ends it took effect by then; not what was signed later, for an earlier day."""
    if row.until is None or row.until.effective_on is None or row.until.effective_on > day:
        return False
    return order_of(row.until) >= order_of(row.since)


def order_of(amendment):
    return amendment.effective_on or datetime.date.max, amendment.number


def sums(given, sectors):
    found = {}
    for commune, terms in given.items():
        for place in {sectors.get(commune), TERRITORY} - {None}:
            before = found.get(place, [0] * len(terms))
            found[place] = [a + b for a, b in zip(before, terms, strict=True)]
    return found


def plain(terms_by_place):
    return {
        place: [format(Decimal(term).normalize(), "f") for term in terms]
        for place, terms in terms_by_place.items()
    }


def note_small_counts(apps, schema_editor):
    """Of all that was disclosed, under a laxer rule or none: what a threshold of five masks."""
    Disclosure = apps.get_model("indicators", "Disclosure")
    rows = []
    disclosed = Disclosure.objects.filter(base=None, disclosed_at__isnull=False)
    for row in disclosed.select_related("campaign_indicator__version").iterator():
        content = json.loads(row.campaign_indicator.version.text)
        row.exposed = [
            place
            for place, terms in row.shown.items()
            if any(0 < count < THRESHOLD for count in counts_in(terms, content))
        ]
        if row.exposed:
            rows.append(row)
    Disclosure.objects.bulk_update(rows, ["exposed"], batch_size=200)


def counts_in(terms, content):
    """What is counted one by one: a share's terms and what it leaves, not an amount nor a rate."""
    numbers = [Decimal(term) for term in terms]
    if len(numbers) > 1:
        return [*numbers, numbers[1] - numbers[0]]
    unit = content.get("unit", "").lower().split()[:1]
    is_counted = content.get("calculation") != "ratio" and not NOT_COUNTED.intersection(unit)
    return numbers if is_counted else []


class Migration(migrations.Migration):

    dependencies = [
        ('conventions', '0016_fewer_than_five_is_secret'),
        ('indicators', '0019_count_links'),
    ]

    operations = [
        migrations.AddField(
            model_name='campaignindicator',
            name='opts_out_of_secrecy',
            field=models.BooleanField(default=False, verbose_name='montrés tels quels'),
        ),
        migrations.AddField(
            model_name='disclosure',
            name='exposed',
            field=models.JSONField(blank=True, default=list, verbose_name='petits chiffres déjà lus'),
        ),
        migrations.AddField(
            model_name='indicator',
            name='not_confidential_reason',
            field=models.CharField(blank=True, max_length=300, verbose_name='pourquoi le secret ne s’applique pas'),
        ),
        migrations.AddField(
            model_name='historicalindicator',
            name='not_confidential_reason',
            field=models.CharField(blank=True, max_length=300, verbose_name='pourquoi le secret ne s’applique pas'),
        ),
        migrations.RunPython(keep_closed_years_without_rule, migrations.RunPython.noop),
        migrations.RunPython(disclose_as_shown, migrations.RunPython.noop),
        migrations.RunPython(note_small_counts, migrations.RunPython.noop),
    ]
