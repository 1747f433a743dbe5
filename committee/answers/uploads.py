"""Which stored files belong to answers that are noted."""

from committee.answers.models import NotedAnswer


def noted_acts(convention):
    """Return querysets of the primary keys of files that belong to noted answers."""
    return [NotedAnswer.objects.of(convention).filter(act__isnull=False).values("act")]
