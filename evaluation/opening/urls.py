"""Addresses that everybody may keep: they stay."""

from django.urls import path, register_converter

from evaluation.opening import views
from evaluation.period import PeriodConverter
from evaluation.report.renditions import ANNEX, ESSENTIAL


class Extension:
    regex = "pdf|docx|xlsx|csv|json"

    def to_python(self, value):
        return value

    def to_url(self, value):
        return value


register_converter(Extension, "extension")
register_converter(PeriodConverter, "period")

urlpatterns = [
    path("ouvert/", views.PublicConventions.as_view(), name="public_conventions"),
    path("ouvert/<slug:slug>/", views.PublicYears.as_view(), name="public_years"),
    path("ouvert/<slug:slug>/<period:year>/", views.PublicYear.as_view(), name="public_year"),
    path(
        "ouvert/<slug:slug>/<period:year>/v<int:number>/",
        views.PublicYear.as_view(),
        name="public_version",
    ),
    path(
        "ouvert/<slug:slug>/<period:year>/v<int:number>/images/<int:pk>/",
        views.public_image,
        name="public_image",
    ),
    path(
        "ouvert/<slug:slug>/<period:year>/v<int:number>/evaluation.<extension:extension>",
        views.public_file,
        name="public_file",
    ),
    path(
        "ouvert/<slug:slug>/<int:year>/v<int:number>/essentiel.pdf",
        views.public_file,
        {"extension": ESSENTIAL},
        name="public_essential",
    ),
    path(
        "ouvert/<slug:slug>/<int:year>/v<int:number>/annexe.pdf",
        views.public_file,
        {"extension": ANNEX},
        name="public_annex",
    ),
]
