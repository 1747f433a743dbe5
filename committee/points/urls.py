"""Addresses of the points: what is to be agreed, each point, and its answer."""

from django.urls import path

from committee.addresses import committee
from committee.answers import views_answer as points_answer
from committee.points import views as points
from committee.points import views as points_detail

point = f"{committee}points/<int:pk>/"

urlpatterns = [
    path(committee, points.PointsView.as_view(), name="points"),
    path(point, points_detail.PointView.as_view(), name="point"),
    path(f"{point}repondre/", points_answer.AnswerView.as_view(), name="answer"),
]
