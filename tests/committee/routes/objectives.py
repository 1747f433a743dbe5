"""Who gets what on the pages of objectives, drafts and proposals for an amendment."""

from tests.routes import of_convention


def objective(scene):
    return {"pk": scene.committee.objective.pk}


def draft(scene):
    return {"pk": scene.committee.draft.pk}


def signed(scene):
    return {"kind": "objective", "pk": scene.committee.signed.object_id}


def proposal(scene):
    return {"pk": scene.committee.proposal.pk}


ROUTES = {
    "committee:add_objective": of_convention(),
    "committee:edit_objective": of_convention(objective),
    "committee:end_objective": of_convention(objective),
    # A draft is shown to who writes it, and to the coordinator.
    "committee:draft": of_convention(draft, status=404, coordinator=200),
    "committee:propose_draft": of_convention(draft, status=404, method="post", coordinator=302),
    "committee:discard_draft": of_convention(draft, status=404, coordinator=200),
    # Nothing was proposed since that draft was begun: its own page says all.
    "committee:propose_after_term": of_convention(draft, status=404, coordinator=302),
    "committee:merge_draft": of_convention(draft, status=404, coordinator=302),
    "committee:amendments": of_convention(),
    "committee:choose_text": of_convention(),
    "committee:propose_amendment": of_convention(signed),
    "committee:withdraw_amendment": of_convention(proposal),
}
