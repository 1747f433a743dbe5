"""Addresses of the committee's workspace, below ``/conventions/<slug>/comite/``."""

from committee.amendments.urls import urlpatterns as amendments
from committee.answers.urls import urlpatterns as answers
from committee.comments.urls import urlpatterns as comments
from committee.composition.urls import urlpatterns as composition
from committee.dossiers.urls import urlpatterns as dossiers
from committee.drafts.urls import urlpatterns as drafts
from committee.elections.urls import urlpatterns as elections
from committee.links.urls import urlpatterns as links
from committee.meetings.urls import urlpatterns as meetings
from committee.objectives.urls import urlpatterns as objectives
from committee.points.urls import urlpatterns as points
from committee.reclassifications.urls import urlpatterns as reclassifications
from committee.register.urls import urlpatterns as register
from committee.signing.urls import urlpatterns as signing
from committee.stakes.urls import urlpatterns as stakes

app_name = "committee"
urlpatterns = [
    *points,
    *answers,
    *comments,
    *dossiers,
    *register,
    *composition,
    *elections,
    *signing,
    *objectives,
    *reclassifications,
    *stakes,
    *drafts,
    *amendments,
    *links,
    *meetings,
]
