"""The meetings of a convention as a table to save."""

from committee.meetings.words import describe_when
from documents.tables import Column

MEETINGS = (
    Column("Réunion", lambda meeting: meeting.body.name),
    Column("Jour", lambda meeting: meeting.day, "date"),
    Column("Quand", describe_when),
    Column("Lieu", lambda meeting: meeting.place),
    Column("Points", lambda meeting: meeting.item_count, "number"),
    Column("État", lambda meeting: meeting.get_state_display()),
    Column("Personnes convoquées", lambda meeting: meeting.convened_count, "number"),
    Column("Personnes qui viennent", lambda meeting: meeting.coming_count, "number"),
)
