"""The committee's own objectives, their drafts, and what a later amendment should change."""

from django.urls import path

from committee.addresses import committee
from committee.amendments import views as amendments
from committee.drafts import views as drafts
from committee.objectives import views as objectives

objective = f"{committee}objectifs/<int:pk>/"
draft = f"{committee}brouillons/<int:pk>/"
amendment = f"{committee}avenant/"

urlpatterns = [
    path(f"{committee}objectifs/nouveau/", objectives.AddObjective.as_view(), name="add_objective"),
    path(f"{objective}modifier/", objectives.EditObjective.as_view(), name="edit_objective"),
    path(f"{objective}retirer/", objectives.EndObjective.as_view(), name="end_objective"),
    path(draft, drafts.DraftPage.as_view(), name="draft"),
    path(f"{draft}proposer/", drafts.propose_draft, name="propose_draft"),
    path(f"{draft}jeter/", drafts.DiscardDraft.as_view(), name="discard_draft"),
    path(f"{draft}rapprocher/", drafts.MergeDraft.as_view(), name="merge_draft"),
    path(amendment, amendments.Amendments.as_view(), name="amendments"),
    path(f"{amendment}choisir/", amendments.ChooseText.as_view(), name="choose_text"),
    path(
        f"{amendment}proposer/<str:kind>/<int:pk>/",
        amendments.ProposeAmendment.as_view(),
        name="propose_amendment",
    ),
    path(
        f"{amendment}<int:pk>/retirer/",
        amendments.WithdrawAmendment.as_view(),
        name="withdraw_amendment",
    ),
]
