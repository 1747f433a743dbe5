"""Addresses of the way of an evaluation to its publication, below its year."""

from django.urls import path, register_converter

from evaluation.publication import views


class Figures:
    """The kinds of file that are made while one waits."""

    regex = "csv|json"

    def to_python(self, value):
        return value

    def to_url(self, value):
        return value


register_converter(Figures, "figures")

urlpatterns = [
    path("", views.PublicationView.as_view(), name="publication"),
    path("soumettre/", views.SubmitView.as_view(), name="submit"),
    path("valider/", views.ValidateView.as_view(), name="validate"),
    path("<int:pk>/retirer-validation/", views.take_back, name="take_back"),
    path("<int:pk>/accord/", views.propose, name="propose"),
    path("<int:pk>/rendre/", views.GiveBackView.as_view(), name="give_back"),
    path("<int:pk>/publier/", views.PublishView.as_view(), name="publish"),
    path("v<int:number>/evaluation.<figures:name>", views.published_data, name="edition_data"),
    path("documents/<int:pk>/", views.document, name="edition_file"),
]
