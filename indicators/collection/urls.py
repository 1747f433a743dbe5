"""Addresses of the yearly collections, below ``/conventions/<slug>/evaluations/``."""

from django.urls import path

from indicators.collection import views as campaigns
from indicators.collection import views_calling as campaigns_calling
from indicators.collection import views_managing as campaigns_managing

urlpatterns = [
    path("", campaigns.CampaignsView.as_view(), name="campaigns"),
    path("preparer/", campaigns_managing.PrepareCampaign.as_view(), name="prepare_campaign"),
    path("<int:year>/recueil/", campaigns.CampaignView.as_view(), name="campaign"),
    path("<int:year>/recueil/export/<str:extension>/", campaigns.OwedFile.as_view(),
         name="owed_file"),
    path("<int:year>/recueil/journal/<str:extension>/", campaigns.HappeningsFile.as_view(),
         name="happenings_file"),
    path("<int:year>/recueil/modifier/", campaigns_managing.EditCampaign.as_view(),
         name="edit_campaign"),
    path("<int:year>/recueil/changer-l-annee/", campaigns_managing.ChangeYear.as_view(),
         name="change_campaign_year"),
    path("<int:year>/recueil/annuler/", campaigns_managing.CancelCampaign.as_view(),
         name="cancel_campaign"),
    path("<int:year>/recueil/ouvrir/", campaigns_managing.OpenCampaign.as_view(),
         name="open_campaign"),
    path("<int:year>/recueil/clore/", campaigns_managing.CloseCampaign.as_view(),
         name="close_campaign"),
    path("<int:year>/recueil/rouvrir/", campaigns_managing.ReopenCampaign.as_view(),
         name="reopen_campaign"),
    path("<int:year>/recueil/relancer/", campaigns_calling.Remind.as_view(), name="remind"),
    path("<int:year>/recueil/relancer/<int:pk>/", campaigns_calling.RemindOne.as_view(),
         name="remind_one"),
    path("<int:year>/recueil/echeance/<int:pk>/", campaigns_calling.MoveDeadline.as_view(),
         name="move_deadline"),
]  # fmt: skip
