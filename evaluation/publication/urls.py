"""Addresses of the way of an evaluation to its publication, below its year."""

from django.urls import path

from evaluation.publication import views

urlpatterns = [
    path("", views.PublicationView.as_view(), name="publication"),
    path("soumettre/", views.SubmitView.as_view(), name="submit"),
    path("valider/", views.ValidateView.as_view(), name="validate"),
    path("<int:pk>/retirer-validation/", views.take_back, name="take_back"),
    path("<int:pk>/accord/", views.propose, name="propose"),
    path("<int:pk>/rendre/", views.GiveBackView.as_view(), name="give_back"),
    path("<int:pk>/publier/", views.PublishView.as_view(), name="publish"),
    path("documents/<int:pk>/", views.document, name="edition_file"),
]
