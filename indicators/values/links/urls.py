"""Addresses of links: what they open, without an account; what the coordinator does with them."""

from django.urls import path

from indicators.values.links import views

outside = [
    path("lien-de-saisie/<str:token>/", views.OpenLink.as_view(), name="entry_link"),
    path("saisie-par-lien/<int:pk>/", views.LinkedEntry.as_view(), name="linked_entry"),
    path("saisie-par-lien/<int:pk>/quitter/", views.leave, name="leave_link"),
    path("saisie-par-lien/quittee/", views.Left.as_view(), name="link_left"),
    path("saisie-par-lien/<int:pk>/coller/", views.LinkedBlock.as_view(), name="linked_block"),
    path(
        "saisie-par-lien/<int:pk>/classeur/", views.LinkedWorkbook.as_view(), name="linked_workbook"
    ),
    path(
        "saisie-par-lien/<int:pk>/communes/<int:entry>/",
        views.LinkedTable.as_view(),
        name="linked_table",
    ),
    path(
        "saisie-par-lien/<int:pk>/communes/<int:entry>/coller/",
        views.LinkedPaste.as_view(),
        name="linked_paste",
    ),
    path(
        "saisie-par-lien/<int:pk>/transmettre/",
        views.LinkedSubmission.as_view(),
        name="linked_submission",
    ),
]
urlpatterns = [
    path("", views.EntryLinks.as_view(), name="entry_links"),
    path("<int:organisation>/envoyer/", views.SendLink.as_view(), name="send_link"),
    path("<int:pk>/couper/", views.cut, name="cut_link"),
]
