"""Addresses of who sits: the composition, its history, seats, absences and delegations."""

from django.urls import path

from committee.addresses import committee
from committee.composition import views as composition
from committee.composition import views_absences as absences
from committee.composition import views_seats as seats

here = f"{committee}composition/"
seat = f"{here}sieges/<int:pk>/"

urlpatterns = [
    path(here, composition.CompositionPage.as_view(), name="composition"),
    path(f"{here}export/<str:extension>/", composition.SeatsFile.as_view(), name="seats_file"),
    path(f"{here}historique/", composition.History.as_view(), name="composition_history"),
    path(f"{here}nommer/", seats.ChooseOrganisation.as_view(), name="name_seat"),
    path(f"{here}nommer/<int:pk>/", seats.NameSeat.as_view(), name="name_seat_for"),
    path(f"{here}qui-engage/<int:pk>/", composition.WhoCommits.as_view(), name="who_commits"),
    path(f"{seat}corriger/", seats.EditSeat.as_view(), name="edit_seat"),
    path(f"{seat}suspendre/", seats.SuspendSeat.as_view(), name="suspend_seat"),
    path(f"{seat}opposition/", seats.object_to_seat, name="object_to_seat"),
    path(f"{seat}confirmer/", seats.ConfirmSeat.as_view(), name="confirm_seat"),
    path(f"{seat}deliberation/", seats.seat_act, name="seat_act"),
    path(f"{seat}terminer/", seats.EndSeat.as_view(), name="end_seat"),
    path(f"{seat}absence/", absences.DeclareAbsence.as_view(), name="declare_absence"),
    path(f"{seat}delegation/", absences.Delegate.as_view(), name="delegate"),
    path(f"{here}absences/<int:pk>/terminer/", absences.EndAbsence.as_view(), name="end_absence"),
    path(
        f"{committee}delegations/<int:pk>/terminer/",
        absences.EndDelegation.as_view(),
        name="end_delegation",
    ),
    path(f"{committee}delegations/<int:pk>/acte/", absences.delegation_act, name="delegation_act"),
]
