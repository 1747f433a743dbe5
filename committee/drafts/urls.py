"""Addresses of drafts: read, proposed, thrown away, brought together."""

from django.urls import path

from committee.addresses import committee
from committee.drafts import views

draft = f"{committee}brouillons/<int:pk>/"
urlpatterns = [
    path(draft, views.DraftPage.as_view(), name="draft"),
    path(f"{draft}proposer/", views.propose_draft, name="propose_draft"),
    path(f"{draft}apres-le-terme/", views.ProposeAfterTerm.as_view(), name="propose_after_term"),
    path(f"{draft}jeter/", views.DiscardDraft.as_view(), name="discard_draft"),
    path(f"{draft}rapprocher/", views.MergeDraft.as_view(), name="merge_draft"),
]
