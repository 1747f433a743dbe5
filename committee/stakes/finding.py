"""What the search finds of the shared stakes: those that are agreed to or proposed."""

from committee.models import Stake
from conventions.search.hits import Asked, Hit, ranked, shortened
from ctg_portal.sought import holding
from ctg_portal.templatetags.french import enumerate_words


def stake_hits(asked: Asked):
    yield ranked(asked, "Enjeux partagés", _stakes(asked))


def _stakes(asked: Asked):
    stakes = Stake.objects.of(asked.convention).readable()
    (found,) = holding(asked.sought, (stakes, ("title", "text")))
    for one in found.with_relations():
        within = enumerate_words(str(theme) for theme in one.themes.all())
        title, url = shortened(one.title), one.get_absolute_url()
        yield Hit(title, url, one.text, within, one.is_proposed)
