"""Other conventions beside the one that is measured, as large as it is."""

from django.db import transaction

from accounts.models import User
from conventions import models
from tests.bench.committee import copy_committee
from tests.bench.evaluation import copy_evaluation
from tests.bench.plan import copy_actions


@transaction.atomic
def add_conventions(original: models.Convention, number: int) -> None:
    """``number`` more conventions with as many rows as ``original``, as bulk copies of it."""
    copies = models.Convention.objects.bulk_create(
        [copy_of(original, slug=f"copie-{n}", territory=f"Copie {n}") for n in range(number)]
    )
    since = models.Amendment.objects.bulk_create(
        [models.Amendment(convention=c, number=0, signed_on=c.signed_on, effective_on=c.start)
         for c in copies]
    )  # fmt: skip
    for convention, amendment in zip(copies, since, strict=True):
        copy_rows(original, convention, amendment)


def copy_of(row, **changes):
    values = {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields
              if not f.primary_key and not f.generated}  # fmt: skip
    return type(row)(**(values | changes))


def copy_rows(original, convention, since) -> None:
    legal = {"since_id": since.pk, "convention_id": convention.pk}
    for rows in (original.articles, original.annexes):
        rows.model.objects.bulk_create([copy_of(row, **legal) for row in rows.all()])
    communes = list(original.communes.all())
    copied = models.Commune.objects.bulk_create(
        [copy_of(row, convention_id=convention.pk) for row in communes]
    )
    models.Coverage.objects.bulk_create(
        [models.Coverage(commune=commune, since=since) for commune in copied]
    )
    for axis in original.axes.prefetch_related("themes__objectives"):
        new_axis = copy_of(axis, **legal)
        new_axis.save()
        for theme in axis.themes.all():
            new_theme = copy_of(theme, axis_id=new_axis.pk, since_id=since.pk)
            new_theme.save()
            models.Objective.objects.bulk_create(
                [copy_of(o, theme_id=new_theme.pk, since_id=since.pk, parent_id=None)
                 for o in theme.objectives.all()]
            )  # fmt: skip
    organisation = models.Organisation.objects.create(convention=convention, acronym="X", name="X")
    member = User(email=f"membre{convention.pk}@bench.example")
    member.set_unusable_password()
    member.save()
    models.Membership.objects.bulk_create(
        [models.Membership(user=member, organisation=organisation, role=role,
                           state=models.AppointmentState.CONFIRMED)
         for role in models.Role.values]
    )  # fmt: skip
    copy_committee(original, convention, organisation, member, copy_of)
    copy_actions(original, convention, new_theme, organisation, copy_of)
    copy_evaluation(original, convention, new_theme, organisation, copy_of)
