"""Addresses of what is done around a point, beside answering it."""

from django.urls import path

from committee.addresses import committee
from committee.answers import views_acts as acts
from committee.comments import views as comments

point = f"{committee}points/<int:pk>/"
entry = f"{committee}reponses/<int:pk>/"
comment = f"{committee}commentaires/<int:pk>/"

urlpatterns = [
    path(f"{point}avis/", acts.Advise.as_view(), name="advise"),
    path(f"{point}retirer-l-accord/", acts.Retract.as_view(), name="retract"),
    path(f"{point}accord-recueilli/", acts.Record.as_view(), name="record"),
    path(f"{point}retirer/", acts.Withdraw.as_view(), name="withdraw"),
    path(f"{entry}contester/", acts.Contest.as_view(), name="contest"),
    path(f"{entry}joindre/", acts.Attach.as_view(), name="attach"),
    path(f"{committee}documents/<int:pk>/", acts.document, name="document"),
    path(f"{point}commenter/", comments.AddComment.as_view(), name="comment"),
    path(f"{comment}modifier/", comments.EditComment.as_view(), name="edit_comment"),
    path(f"{comment}", comments.CommentHistory.as_view(), name="comment_history"),
]
