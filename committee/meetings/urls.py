"""Addresses of the meetings of a convention, of its bodies, and of a convocation."""

from django.urls import path

from committee.addresses import committee
from committee.meetings import views, views_agenda, views_bodies, views_replies
from committee.meetings.decisions.urls import urlpatterns as decisions
from committee.meetings.minutes.urls import urlpatterns as minutes
from committee.meetings.session.urls import urlpatterns as session

meetings = f"{committee}reunions/"
meeting = f"{meetings}<int:pk>/"
item = f"{meeting}points/<int:item>/"
bodies = f"{meetings}instances/"
urlpatterns = [
    path(meetings, views.Meetings.as_view(), name="meetings"),
    path(f"{meetings}export/<str:extension>/", views.MeetingsFile.as_view(), name="meetings_file"),
    path(f"{meetings}nouvelle/", views.AddMeeting.as_view(), name="add_meeting"),
    path(f"{meetings}reprendre/<int:pk>/", views.NextMeeting.as_view(), name="next_meeting"),
    path(meeting, views.MeetingPage.as_view(), name="meeting"),
    path(f"{meeting}modifier/", views.EditMeeting.as_view(), name="edit_meeting"),
    path(f"{meeting}convoquer/", views.Convene.as_view(), name="convene"),
    path(f"{meeting}prevenir/", views.SendAgain.as_view(), name="send_agenda_again"),
    path(f"{meeting}relancer/", views.Remind.as_view(), name="remind_attendees"),
    path(f"{meeting}annuler/", views.Cancel.as_view(), name="cancel_meeting"),
    path(f"{meeting}tenue/", views.Hold.as_view(), name="hold_meeting"),
    path(f"{meeting}agenda.ics", views.CalendarFile.as_view(), name="meeting_calendar"),
    path(f"{meeting}livret.pdf", views.PackFile.as_view(), name="pack"),
    path(f"{meeting}convocation.pdf", views.ConvocationFile.as_view(), name="convocation_file"),
    path(f"{meeting}points/nouveau/", views_agenda.AddItem.as_view(), name="add_item"),
    path(f"{meeting}habituels/", views_agenda.StandingItems.as_view(), name="standing_items"),
    path(f"{item}modifier/", views_agenda.EditItem.as_view(), name="edit_item"),
    path(f"{item}deplacer/", views_agenda.MoveItem.as_view(), name="move_item"),
    path(f"{item}retirer/", views_agenda.RemoveItem.as_view(), name="remove_item"),
    path(f"{item}joindre/", views_agenda.AddDocument.as_view(), name="add_agenda_document"),
    path(
        f"{meeting}documents/<int:document>/",
        views_agenda.ReadDocument.as_view(),
        name="agenda_document",
    ),
    path(
        f"{meeting}documents/<int:document>/retirer/",
        views_agenda.RemoveDocument.as_view(),
        name="remove_agenda_document",
    ),
    path(f"{meeting}invites/nouveau/", views_replies.Invite.as_view(), name="invite"),
    path(
        f"{meeting}invites/<int:attendee>/retirer/",
        views_replies.RemoveInvited.as_view(),
        name="remove_invited",
    ),
    path(f"{meeting}ma-reponse/", views_replies.OwnReply.as_view(), name="own_reply"),
    path(f"{meeting}presences/", views_replies.Presence.as_view(), name="presence"),
    path(f"{meeting}pouvoir/", views_replies.LendVoice.as_view(), name="lend_voice"),
    path("convocation/<str:token>/", views_replies.Convocation.as_view(), name="convocation"),
    path(bodies, views_bodies.Bodies.as_view(), name="bodies"),
    path(f"{bodies}nouvelle/", views_bodies.AddBody.as_view(), name="add_body"),
    path(f"{bodies}regles/", views_bodies.Rules.as_view(), name="meeting_rules"),
    path(f"{bodies}<int:pk>/membres/", views_bodies.AddMember.as_view(), name="add_body_member"),
    path(
        f"{bodies}<int:pk>/membres/<int:member>/retirer/",
        views_bodies.RemoveMember.as_view(),
        name="remove_body_member",
    ),
    path(f"{bodies}<int:pk>/retirer/", views_bodies.RemoveBody.as_view(), name="remove_body"),
    *decisions,
    *minutes,
    *session,
]
