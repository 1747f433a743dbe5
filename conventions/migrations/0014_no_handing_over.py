from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('conventions', '0013_people_as_stored'),
    ]

    operations = [
        migrations.RemoveField(
            model_name='membershipoffer',
            name='replaces',
        ),
    ]
