"""What the bench adds to the action plan: that of other conventions."""

from actions.models import Action, FollowUp, Funding, JournalEntry, Lead, Means, Milestone
from conventions.models import Organisation


def copy_actions(original, convention, theme, organisation, copy_of) -> None:
    """As many actions as the original convention has, with what hangs on them."""
    actions = list(Action.objects.of(original).order_by("pk"))
    owned = {"convention_id": convention.pk, "theme_id": theme.pk}
    copies = Action.objects.bulk_create(copy_of(row, **owned) for row in actions)
    by_pk = {row.pk: copy.pk for row, copy in zip(actions, copies, strict=True)}
    for model in (Lead, Means, Funding, Milestone, FollowUp, JournalEntry):
        links = {
            f.attname: organisation.pk
            for f in model._meta.concrete_fields
            if f.related_model is Organisation
        }
        rows = model.objects.filter(action__in=actions).order_by("pk")
        model.objects.bulk_create(
            copy_of(row, action_id=by_pk[row.action_id], **_of_one(row, links)) for row in rows
        )


def _of_one(row, links: dict) -> dict:
    """The links to organisations that the row has, to a single one; its fundings stay apart."""
    changes = {name: pk for name, pk in links.items() if getattr(row, name) is not None}
    return changes | ({"scheme": f"Dispositif {row.pk}"} if isinstance(row, Funding) else {})
