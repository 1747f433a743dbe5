from django.db import migrations


def note_who_gave(apps, schema_editor):
    """Each access given by an invitation learns whose it was, so that what somebody gave to
    themselves is known as such."""
    offers = apps.get_model("conventions", "MembershipOffer").objects.filter(
        invitation__accepted_by__isnull=False, invitation__invited_by__isnull=False
    )
    memberships = apps.get_model("conventions", "Membership").objects
    for offer in offers.select_related("invitation").order_by("invitation__accepted_at", "pk"):
        invitation = offer.invitation
        memberships.filter(
            user=invitation.accepted_by_id,
            organisation=offer.organisation_id,
            role=offer.role,
            granted_at__gte=invitation.accepted_at,
        ).update(given_by=invitation.invited_by_id)


class Migration(migrations.Migration):
    dependencies = [
        ("conventions", "0002_accesses_confirmed"),
        ("accounts", "0001_founded"),
    ]

    operations = [migrations.RunPython(note_who_gave, migrations.RunPython.noop)]
