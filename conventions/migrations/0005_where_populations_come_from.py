from django.db import migrations

# Where it stood among the words of the territory.
KEY = "source_habitants"


def give_it_its_column(apps, schema_editor):
    for name in ("Convention", "HistoricalConvention"):
        rows = apps.get_model("conventions", name).objects.filter(labels__has_key=KEY)
        for row in rows:
            row.population_source = row.labels.pop(KEY)
            row.save(update_fields=["labels", "population_source"])


def take_it_back(apps, schema_editor):
    for name in ("Convention", "HistoricalConvention"):
        for row in apps.get_model("conventions", name).objects.exclude(population_source=""):
            row.labels[KEY] = row.population_source
            row.save(update_fields=["labels"])


class Migration(migrations.Migration):
    dependencies = [("conventions", "0004_axes_as_written_and_cgss")]

    operations = [migrations.RunPython(give_it_its_column, take_it_back)]
