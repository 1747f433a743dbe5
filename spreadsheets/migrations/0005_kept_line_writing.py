from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [("spreadsheets", "0004_squashed")]

    operations = [migrations.RenameField("keptline", "seen", "writing")]
