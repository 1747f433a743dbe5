"""Addresses of the comments on a point."""

from django.urls import path

from committee.addresses import committee
from committee.comments import views

comment = f"{committee}commentaires/<int:pk>/"
urlpatterns = [
    path(f"{committee}points/<int:pk>/commenter/", views.AddComment.as_view(), name="comment"),
    path(f"{comment}modifier/", views.EditComment.as_view(), name="edit_comment"),
    path(f"{comment}", views.CommentHistory.as_view(), name="comment_history"),
]
