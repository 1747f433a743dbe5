"""Addresses of the points: what is to be agreed, each point, and its answer."""

from django.urls import path

from committee.urls.root import committee
from committee.views import points, points_answer, points_detail

point = f"{committee}points/<int:pk>/"

urlpatterns = [
    path(committee, points.PointsView.as_view(), name="points"),
    path(point, points_detail.PointView.as_view(), name="point"),
    path(f"{point}repondre/", points_answer.AnswerView.as_view(), name="answer"),
]
