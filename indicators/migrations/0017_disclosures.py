"""What everybody reads of protected figures is kept as it was disclosed, and decided no more.

What could be read on the day of the upgrade is disclosed as it was shown: tables by what was last
decided of them, figures of the whole territory by the rule that held for them. Everything else
waits for its disclosure.
"""

import json
from decimal import ROUND_HALF_UP, Decimal

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

TERRITORY = ""
REASONS = {"primary": "primary", "complementary": "secondary"}
SHOWN = ["submitted", "verified"]
# A threshold below is read as this one, for what is not disclosed yet.
LEAST_THRESHOLD = 5


def disclose_as_shown(apps, schema_editor):
    CampaignIndicator = apps.get_model("indicators", "CampaignIndicator")
    Disclosure = apps.get_model("indicators", "Disclosure")
    populations = dict(
        apps.get_model("conventions", "Commune").objects.values_list("pk", "population")
    )
    entries = CampaignIndicator.objects.select_related("campaign", "version", "provider")
    rows = []
    for entry in entries.order_by("pk").iterator():
        content = json.loads(entry.version.text)
        if not content.get("is_confidential"):
            continue
        audit = entry.audits.exclude(digest="").order_by("pk").last()
        if not entry.values.filter(state__in=SHOWN).exists():
            continue  # nothing is given any more
        if audit is not None:
            rows.append(as_decided(Disclosure, entry, content, audit, populations))
        elif entry.grain != "commune":
            rows += as_told(Disclosure, entry, content)
    Disclosure.objects.bulk_create(rows, batch_size=200)


def as_decided(Disclosure, entry, content, audit, populations):
    """A table, or a figure that was told together with others, as it was last decided."""
    masked = {place_of(mask): REASONS[mask.reason] for mask in audit.masks.all()}
    given = {place: terms for place, terms in audit.given.items() if place != TERRITORY}
    if entry.grain != "commune":
        given = audit.given
    told = audit.rounded if audit.base else audit.given
    now = {
        f"c{pk}" if pk else TERRITORY
        for pk in entry.values.filter(state__in=SHOWN).values_list("commune", flat=True)
    }
    given = {place: terms for place, terms in given.items() if place in now or place in masked}
    shown = {place: told[place] for place in given if place in told and place not in masked}
    if audit.base:
        masked |= {place: "related" for place in given if place not in told}
    totals = {}
    if entry.grain == "commune" and content.get("aggregation", "none") != "none":
        totals = {} if audit.base else sums(given, audit.sectors)
    if entry.grain == "commune":
        totals |= {place: terms for place, terms in told.items() if place not in given}
    communes = sorted(audit.sectors, key=lambda c: (populations.get(int(c[1:])) or 0, int(c[1:])))
    return Disclosure(
        campaign_indicator=entry,
        disclosed_at=audit.ended_at,
        threshold=None if audit.base else max(LEAST_THRESHOLD, threshold_of(entry) or 0),
        base=audit.base,
        perimeter=[[commune, audit.sectors[commune]] for commune in communes],
        given=given,
        shown=shown,
        counted={place: terms for place, terms in given.items() if place not in shown},
        totals={place: terms for place, terms in totals.items() if place not in masked},
        reasons=masked,
    )


def as_told(Disclosure, entry, content):
    """A figure of the whole territory, as its provider's rule showed it."""
    threshold, base = threshold_of(entry), base_of(entry)
    value = entry.values.filter(
        commune=None, state__in=SHOWN, number__isnull=False, release=None
    ).first()
    if value is None or not (threshold or base):
        return
    is_share = content.get("calculation") == "ratio"
    if is_share and value.numerator is None:
        terms, counts = None, []
    elif is_share:
        terms = [value.numerator, value.denominator]
        counts = [*terms, value.denominator - value.numerator]
    else:
        terms, counts = [value.number], [value.number]
    given = {TERRITORY: [plain(term) for term in terms]} if terms else {}
    is_masked = bool(threshold) and any(0 < count < threshold for count in counts)
    shown = given
    if base and terms:
        shown = {TERRITORY: [plain(nearest(term, base)) for term in terms]}
    yield Disclosure(
        campaign_indicator=entry,
        disclosed_at=value.submitted_at or value.entered_at,
        threshold=max(LEAST_THRESHOLD, threshold) if threshold else None,
        base=None if threshold else base,
        perimeter=[],
        given=given,
        shown={} if is_masked else shown,
        counted=given if is_masked else {},
        reasons={TERRITORY: "primary"} if is_masked else {},
    )


def place_of(mask):
    if mask.commune_id:
        return f"c{mask.commune_id}"
    return f"s{mask.sector_id}" if mask.sector_id else TERRITORY


def holder(entry):
    return entry if entry.is_rule_frozen and entry.campaign.state == "closed" else entry.provider


def threshold_of(entry):
    return holder(entry).masking_threshold


def base_of(entry):
    return holder(entry).rounding_base


def sums(given, sectors):
    found = {}
    for commune, terms in given.items():
        for place in {sectors.get(commune), TERRITORY} - {None}:
            before = found.get(place, [0] * len(terms))
            found[place] = [a + Decimal(b) for a, b in zip(before, terms, strict=True)]
    return {place: [plain(term) for term in terms] for place, terms in found.items()}


def nearest(count, base):
    return (count / base).quantize(Decimal(1), ROUND_HALF_UP) * base


def plain(number):
    return format(Decimal(number).normalize(), "f")


class Migration(migrations.Migration):

    dependencies = [
        ('indicators', '0016_squashed'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Disclosure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('disclosed_at', models.DateTimeField(blank=True, null=True, verbose_name='diffusé le')),
                ('disclosed_by_name', models.CharField(blank=True, max_length=300, verbose_name='nom')),
                ('threshold', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='seuil')),
                ('base', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='base d’arrondi')),
                ('perimeter', models.JSONField(blank=True, default=list, verbose_name='communes')),
                ('given', models.JSONField(blank=True, default=dict, verbose_name='chiffres donnés')),
                ('shown', models.JSONField(blank=True, default=dict, verbose_name='chiffres montrés')),
                ('counted', models.JSONField(blank=True, default=dict, verbose_name='chiffres masqués')),
                ('totals', models.JSONField(blank=True, default=dict, verbose_name='totaux')),
                ('reasons', models.JSONField(blank=True, default=dict, verbose_name='motifs')),
                ('campaign_indicator', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='disclosure', to='indicators.campaignindicator', verbose_name='indicateur')),
                ('disclosed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='diffusé par')),
            ],
            options={
                'verbose_name': 'diffusion',
                'verbose_name_plural': 'diffusions',
                'ordering': ['campaign_indicator_id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('threshold__isnull', True), ('base__isnull', True), _connector='OR'), name='disclosure_masks_or_rounds', violation_error_message='Un chiffre est masqué ou arrondi.')],
            },
        ),
        migrations.CreateModel(
            name='DisclosureTurn',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('campaign', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='indicators.campaign', verbose_name='recueil annuel')),
            ],
            options={
                'verbose_name': 'tour de diffusion',
                'verbose_name_plural': 'tours de diffusion',
            },
        ),
        migrations.RunPython(disclose_as_shown, migrations.RunPython.noop),
    ]
