"""Which stored files belong to answers that are noted."""

from committee.models import NotedAnswer


def noted_acts(convention):
    return [NotedAnswer.objects.of(convention).filter(act__isnull=False).values("act")]
