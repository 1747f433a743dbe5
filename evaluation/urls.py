"""Addresses of the evaluation of a year, of that of the term (« finale »), and of all of them."""

from django.urls import include, path

from evaluation.appreciation import views as appreciation
from evaluation.comments.views import CommentsView
from evaluation.cooperation.views import PostsView
from evaluation.images.views import image
from evaluation.opening.views import OpeningView
from evaluation.overview.views import CompleteView, YearView
from evaluation.publication.views import CheckView
from evaluation.report import views as reports
from evaluation.writing import image_views
from evaluation.writing import views as writing

THEME = "textes/<int:pk>/"


def _text(name: str, place: str) -> list:
    """Return the paths of all pages and buttons of a text and of its images; their names begin with
    ``name``, their addresses with ``place``."""
    return [
        path(place, writing.WritingView.as_view(), name=name),
        path(f"{place}apercu/", writing.PreviewView.as_view(), name=f"{name}_preview"),
        path(f"{place}brouillon/", writing.DraftView.as_view(), name=f"{name}_draft"),
        path(f"{place}abandonner/", writing.DiscardView.as_view(), name=f"{name}_discard"),
        path(f"{place}historique/", writing.HistoryView.as_view(), name=f"{name}_history"),
        path(f"{place}commentaires/", CommentsView.as_view(), name=f"{name}_comments"),
        path(f"{place}images/", image_views.AddImageView.as_view(), name=f"{name}_add_image"),
        path(f"{place}images/<int:image>/", image_views.ImageView.as_view(), name=f"{name}_image"),
        path(
            f"{place}images/<int:image>/retirer/",
            image_views.RemoveImageView.as_view(),
            name=f"{name}_remove_image",
        ),
    ]


# The texts: of a theme by its key, of the whole by its part, of a criterion by its code.
TEXTS = [
    *_text("narrative", THEME),
    path(f"{THEME}confier/", writing.GiveView.as_view(), name="narrative_give"),
    path(
        f"{THEME}confier/<int:writer>/reprendre/",
        writing.TakeBackView.as_view(),
        name="narrative_take_back",
    ),
    *_text("year_text", "textes/<slug:part>/"),
    *_text("criterion", "criteres/<slug:criterion>/"),
]
OF_YEAR = [
    path("", YearView.as_view(), name="year"),
    path("completer/", CompleteView.as_view(), name="complete"),
    *TEXTS,
    path("objectifs/", appreciation.AppreciationsView.as_view(), name="appreciations"),
    path("objectifs/<int:pk>/", appreciation.AppreciateView.as_view(), name="appreciate"),
    path("enjeux-partages/", appreciation.AppreciateStakesView.as_view(), name="appreciate_stakes"),
    path("postes/", PostsView.as_view(), name="posts"),
    path("rapport/", include("evaluation.layout.urls")),
    path("rapport/", reports.ReportView.as_view(), name="report"),
    path("rapport/demander/", reports.request, name="request_report"),
    path("rapport/fichiers/<str:extension>/", reports.report_files, name="report_files"),
    path("rapport/<int:pk>/annuler/", reports.cancel_report, name="cancel_report"),
    path("rapport/<int:pk>/", reports.download, name="report_file"),
]

app_name = "evaluation"
urlpatterns = [
    path("conventions/<slug:slug>/evaluations/finale/", include("evaluation.final.urls")),
    path("", include("evaluation.opening.urls")),
    path("conventions/<slug:slug>/evaluations/ouverture/", OpeningView.as_view(), name="opening"),
    path("conventions/<slug:slug>/evaluations/verifier/", CheckView.as_view(), name="check"),
    path("conventions/<slug:slug>/evaluations/images/<int:pk>/", image, name="image"),
    path(
        "conventions/<slug:slug>/evaluations/commentaires/<int:pk>/",
        include("evaluation.comments.urls"),
    ),
    path("conventions/<slug:slug>/evaluations/<period:year>/", include(OF_YEAR)),
    path(
        "conventions/<slug:slug>/evaluations/<period:year>/publication/",
        include("evaluation.publication.urls"),
    ),
]
