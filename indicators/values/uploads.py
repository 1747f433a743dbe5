"""Which stored files belong to the figures of a convention."""

from indicators.figures.values import Evidence


def deposited(convention):
    """What values rest on."""
    of_it = {"value__campaign_indicator__campaign__convention": convention}
    return [Evidence.objects.filter(**of_it).values("document")]
