"""Addresses of one comment on a text that is being written."""

from django.urls import path

from evaluation.comments import views

urlpatterns = [
    path("", views.CommentHistoryView.as_view(), name="text_comment"),
    path("modifier/", views.EditCommentView.as_view(), name="edit_text_comment"),
    path("retirer/", views.WithdrawCommentView.as_view(), name="withdraw_text_comment"),
    path("traiter/", views.ResolveCommentView.as_view(), name="resolve_text_comment"),
    path("rouvrir/", views.ReopenCommentView.as_view(), name="reopen_text_comment"),
]
