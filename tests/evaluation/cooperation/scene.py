"""A post of cooperation, and what a year was for it."""

from decimal import Decimal

from conventions.models import CooperationPost, CooperationShare
from evaluation.cooperation.post_record import PostRecord

DOMAINS = [("Politiques éducatives", "0.7"), ("Autres actions", "0.3")]


def post_of(committee, *, domains=DOMAINS, **fields) -> CooperationPost:
    values = {"fte": 1, "cost_per_fte": 48000, "employer": committee.epci} | fields
    post = CooperationPost.objects.create(convention=committee.convention, **values)
    for rank, (domain, fte) in enumerate(domains, start=1):
        CooperationShare.objects.create(post=post, rank=rank, domain=domain, fte=fte)
    return CooperationPost.objects.with_parts().get(pk=post.pk)


def told_whole(**changes) -> PostRecord:
    """Something in every field; one domain and one funder are not known."""
    values = {
        "activities": ["attendus.conseil", "reseau.partenaires", "reseau.lien"],
        "text": "Trois **réseaux** se réunissent.",
        "services": "Un espace de vie sociale.",
        "partnerships": "Avec le Département.",
        "transfers": "La petite enfance de trois communes.",
        "cost": Decimal(47600),
        "shares": [("Politiques éducatives", Decimal("0.5"))],
        "fundings": [("Caf d’Exemple", Decimal(24000)), ("Exemple agglomération", None)],
    }
    return PostRecord(**values | changes)
