"""What was decided of masked figures by audits is kept as disclosures."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('indicators', '0017_disclosures'),
    ]

    operations = [
        migrations.DeleteModel(name='Mask'),
        migrations.DeleteModel(name='Audit'),
        migrations.RemoveConstraint(model_name='campaignindicator', name='campaign_indicator_adds_up_of_territory'),
        migrations.RemoveField(model_name='campaignindicator', name='adds_up'),
        migrations.RemoveField(model_name='campaignindicator', name='told'),
    ]
