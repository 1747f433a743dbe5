"""Addresses of the figures of a year, below ``…/evaluations/<year>/saisie/``."""

from django.urls import path

from indicators.values import views as values
from indicators.values import views_contesting as values_contesting
from indicators.values import views_detail as values_detail
from indicators.values.files import views as files
from indicators.values.grid import views as grid

urlpatterns = [
    path("", values.EntryView.as_view(), name="entry"),
    path("transmettre/", values.SubmitValues.as_view(), name="submit_values"),
    path("grille/", grid.GridView.as_view(), name="grid"),
    path("coller/", grid.PasteBlock.as_view(), name="paste_block"),
    path("fichier/", files.BringValues.as_view(), name="import_values"),
    path("modele/", files.ValuesTemplate.as_view(), name="values_template"),
    path("verification/", values.VerifyValues.as_view(), name="verify_values"),
    path("contester/<int:pk>/", values_contesting.ContestValue.as_view(), name="contest_value"),
    path("<int:pk>/communes/", grid.TableView.as_view(), name="table"),
    path("<int:pk>/communes/coller/", grid.PasteTable.as_view(), name="paste_table"),
    path("<int:pk>/communes/territoire/", grid.FigureInTable.as_view(), name="table_whole"),
    path("<int:pk>/communes/<int:commune>/", grid.FigureInTable.as_view(), name="table_figure"),
    path("<int:pk>/", values_detail.ValueView.as_view(), name="value"),
    path("<int:pk>/diffusion/", values_detail.PreviewDisclosure.as_view(),
         name="preview_disclosure"),
    path("<int:pk>/diffusion/sans-attendre/", values_detail.DiscloseWithoutWaiting.as_view(),
         name="disclose_without_waiting"),
    path("<int:pk>/verifier/", values_detail.verify, name="verify_value"),
    path("<int:pk>/retourner/", values_detail.ReturnValue.as_view(), name="return_value"),
    path("<int:pk>/joindre/", values_detail.AttachEvidence.as_view(), name="attach_evidence"),
    path("pieces/<int:pk>/", values_detail.evidence, name="evidence"),
]  # fmt: skip
