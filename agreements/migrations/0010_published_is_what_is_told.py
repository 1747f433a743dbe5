"""An evaluation that was published had fixed more than it tells: whether its convention is open to
everybody or compared with others, and what was discussed again meanwhile."""

from django.db import migrations
from django.db.models import Q


def let_go_of_the_rest(apps, schema_editor):
    versions = apps.get_model("agreements", "Version").objects.exclude(published_at=None)
    not_told = Q(kind__in=["public_page", "comparison"]) | Q(state="proposed")
    versions.filter(not_told).update(published_at=None)


class Migration(migrations.Migration):
    dependencies = [("agreements", "0009_seats_confirmed_by_their_party")]

    operations = [migrations.RunPython(let_go_of_the_rest, migrations.RunPython.noop)]
