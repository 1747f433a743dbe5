"""What the bench adds to the evaluation: that of other conventions."""

from agreements.models import Version
from indicators.models import Campaign, CampaignIndicator, Indicator, Value


def copy_evaluation(original, convention, theme, organisation, copy_of) -> None:
    """As many indicators, collections and figures as the original convention has.

    The definitions are those of any version of the copy: nobody opens its pages.
    """
    version = Version.objects.of(convention).first()
    indicators = list(Indicator.objects.of(original).order_by("pk"))
    owned = {"convention_id": convention.pk, "theme_id": theme.pk, "provider_id": organisation.pk}
    copies = Indicator.objects.bulk_create(copy_of(row, **owned) for row in indicators)
    by_pk = {row.pk: copy.pk for row, copy in zip(indicators, copies, strict=True)}
    campaigns = list(Campaign.objects.of(original).order_by("pk"))
    years = Campaign.objects.bulk_create(
        copy_of(row, convention_id=convention.pk) for row in campaigns
    )
    by_year = {row.pk: copy.pk for row, copy in zip(campaigns, years, strict=True)}
    asked = list(CampaignIndicator.objects.of(original).order_by("pk"))
    entries = CampaignIndicator.objects.bulk_create(
        copy_of(
            row, campaign_id=by_year[row.campaign_id], indicator_id=by_pk[row.indicator_id],
            version_id=version.pk, provider_id=organisation.pk, enterer_id=organisation.pk,
        )
        for row in asked
    )  # fmt: skip
    by_entry = {row.pk: copy.pk for row, copy in zip(asked, entries, strict=True)}
    Value.objects.bulk_create(
        copy_of(row, campaign_indicator_id=by_entry[row.campaign_indicator_id])
        for row in Value.objects.of(original)
    )
