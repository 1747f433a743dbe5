from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('agreements', '0014_people_as_stored'),
    ]

    operations = [
        migrations.RemoveField(
            model_name='delegation',
            name='awaits_confirmation',
        ),
        migrations.RemoveField(
            model_name='historicaldelegation',
            name='awaits_confirmation',
        ),
        migrations.RemoveField(
            model_name='historicalseat',
            name='awaits_confirmation',
        ),
        migrations.RemoveField(
            model_name='seat',
            name='awaits_confirmation',
        ),
    ]
