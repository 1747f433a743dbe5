from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [("committee", "0010_one_revision")]

    operations = [migrations.RenameField("notedanswer", "seen", "last_rank")]
