"""Who gets what on the pages of dossiers, and of what is done around a point."""

from tests.routes import of_convention


def point(scene):
    return {"pk": scene.committee.version.pk}


def entry(scene):
    return {"pk": scene.committee.recorded.pk}


def comment(scene):
    return {"pk": scene.committee.comment.pk}


def dossier(scene):
    return {"pk": scene.committee.dossier.pk}


ROUTES = {
    "committee:dossiers": of_convention(),
    "committee:dossiers_file": of_convention(lambda scene: {"extension": "csv"}),
    "committee:add_dossier": of_convention(status=403, coordinator=200),
    "committee:propose_drafts": of_convention(status=403, coordinator=200),
    "committee:dossier": of_convention(lambda scene: {"pk": scene.committee.dossier.pk}),
    "committee:advise": of_convention(point),
    "committee:retract": of_convention(point),
    "committee:record": of_convention(point),
    "committee:withdraw": of_convention(point),
    "committee:confirm": of_convention(entry),
    "committee:refuse": of_convention(entry),
    "committee:contest": of_convention(entry, 302),
    "committee:undo": of_convention(entry),
    "committee:remind_dossier": of_convention(lambda scene: {"pk": scene.committee.dossier.pk}),
    "committee:recall_dossier": of_convention(lambda scene: {"pk": scene.committee.dossier.pk}),
    "committee:undo_dossier": of_convention(lambda scene: {"pk": scene.committee.dossier.pk}),
    "committee:record_parties": of_convention(dossier),
    "committee:record_dossier": of_convention(
        lambda scene: dossier(scene) | {"organisation": scene.committee.seat.organisation_id}
    ),
    "committee:confirm_recorded": of_convention(dossier),
    "committee:attach": of_convention(entry),
    "committee:document": of_convention(lambda scene: {"pk": scene.committee.attachment.pk}),
    "committee:comment": of_convention(point),
    "committee:edit_comment": of_convention(comment),
    "committee:comment_history": of_convention(comment),
}
