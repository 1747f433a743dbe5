"""List the stored files that belong to the figures of a convention."""

from indicators.figures.values import Evidence


def deposited(convention):
    """Return a list of one query: the keys of the documents that values of a convention rest on."""
    own = {"value__campaign_indicator__campaign__convention": convention}
    return [Evidence.objects.filter(**own).values("document")]
