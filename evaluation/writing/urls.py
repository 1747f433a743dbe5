"""Addresses of the texts of an evaluation: of a theme by its key, of the whole by its part, of a
criterion by its code."""

from django.urls import path

from evaluation.comments import views as comments
from evaluation.images import views as images
from evaluation.writing import views


def _text(name: str, place: str) -> list:
    return [
        path(place, views.WritingView.as_view(), name=name),
        path(f"{place}apercu/", views.PreviewView.as_view(), name=f"{name}_preview"),
        path(f"{place}brouillon/", views.DraftView.as_view(), name=f"{name}_draft"),
        path(f"{place}abandonner/", views.DiscardView.as_view(), name=f"{name}_discard"),
        path(f"{place}historique/", views.HistoryView.as_view(), name=f"{name}_history"),
        path(f"{place}commentaires/", comments.CommentsView.as_view(), name=f"{name}_comments"),
        path(f"{place}images/", images.AddImageView.as_view(), name=f"{name}_add_image"),
        path(f"{place}images/<int:image>/", images.ImageView.as_view(), name=f"{name}_image"),
        path(
            f"{place}images/<int:image>/retirer/",
            images.RemoveImageView.as_view(),
            name=f"{name}_remove_image",
        ),
    ]


theme = "textes/<int:pk>/"
urlpatterns = [
    *_text("narrative", theme),
    path(f"{theme}confier/", views.GiveView.as_view(), name="narrative_give"),
    path(
        f"{theme}confier/<int:writer>/reprendre/",
        views.TakeBackView.as_view(),
        name="narrative_take_back",
    ),
    *_text("year_text", "textes/<slug:part>/"),
    *_text("criterion", "criteres/<slug:criterion>/"),
]
