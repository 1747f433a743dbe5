"""What the committee contributes to the other packages."""

from datetime import timedelta

from committee.amendments.events import amendment_reason_to_keep
from committee.amendments.links import amending_row
from committee.answers.events import forget_lapsed_notes, forget_notes_of
from committee.answers.models import noted_acts
from committee.archive import committee_parts
from committee.comments.events import comment_reason_to_keep
from committee.composition.notices import (
    CompositionLetter,
    notify_of_absence,
    notify_of_delegation,
    notify_of_delegation_ended,
    notify_of_ending,
    notify_of_seat,
)
from committee.composition.tasks import confirmation_tasks
from committee.demo import set_up
from committee.dossiers.events import complete_dossiers, reopen_dossiers
from committee.elections.events import give_accounts
from committee.elections.notices import RenewalLetter
from committee.elections.reading import acts_of_renewals, renewals_awaiting_host
from committee.elections.tasks import renewal_tasks
from committee.mail.letters import CommitteeLetter
from committee.mail.notices import notify_turns, notify_turns_after_load, notify_turns_of_today
from committee.meetings.decisions.reading import decisions_item
from committee.meetings.documents import ConvocationDocument
from committee.meetings.finding import meeting_hits
from committee.meetings.first_year import convene_meeting
from committee.meetings.letters import send_waiting_letters
from committee.meetings.minutes.commitments import MinutesCommitment
from committee.meetings.minutes.documents import MinutesDocument, SheetToSignDocument
from committee.meetings.minutes.events import seal_approved
from committee.meetings.pack.documents import PackDocument
from committee.meetings.reading import agenda_documents, points_item
from committee.meetings.rules import meeting_rules_row
from committee.meetings.session.events import follow_amended_point, follow_approved_minutes
from committee.meetings.tasks import minutes_tasks
from committee.objectives.commitments import ObjectiveCommitment
from committee.objectives.links import axes_links, objective_links, proposals_page, text_links
from committee.personal import KEPT_NAMES, PERSONAL
from committee.points.dashboard import committee_deadlines, committee_voices
from committee.points.notices import notify_of_entries, notify_of_proposal
from committee.points.tasks import committee_tasks
from committee.reclassifications.commitments import ReclassificationCommitment
from committee.reclassifications.links import reclassification_links
from committee.register.documents import RegisterDocument
from committee.register.finding import committee_hits
from committee.signing.notices import SigningLetter
from committee.signing.reading import scans_of, signed_on_pages, signings_awaiting_host
from committee.signing.tasks import sign_convention, signature_row, signing_tasks
from committee.stakes.commitments import StakeCommitment
from committee.stakes.reading import stake_links, stakes_section
from ctg_portal.help.places import Gesture, Place
from ctg_portal.house import Contributions, DemoStep, Entry, Job

contributions = Contributions(
    archive=[committee_parts],
    menu=[
        Entry(
            "Comité de pilotage",
            "committee:points",
            rank=20,
            group="Décider",
            short="Points à valider",
        )
    ],
    first_steps=[sign_convention, convene_meeting],
    settings=[amending_row, meeting_rules_row, signature_row],
    tasks=[signing_tasks, committee_tasks, confirmation_tasks, renewal_tasks, minutes_tasks],
    awaiting_host=[renewals_awaiting_host, signings_awaiting_host],
    deadlines=[committee_deadlines],
    voices=[committee_voices],
    objective_links=[objective_links, reclassification_links],
    text_links=[text_links],
    axes_links=[axes_links, stake_links],
    text_sections=[stakes_section],
    proposals_page=[proposals_page],
    versions=[
        ObjectiveCommitment(),
        ReclassificationCommitment(),
        StakeCommitment(),
        MinutesCommitment(),
    ],
    after_proposal=[notify_of_proposal, follow_amended_point],
    after_entries=[notify_of_entries],
    after_answers=[complete_dossiers, follow_approved_minutes],
    after_undoing=[reopen_dossiers],
    after_seat=[notify_of_seat],
    after_delegation=[notify_of_delegation],
    after_delegation_ends=[notify_of_delegation_ended],
    after_ending=[notify_of_ending],
    after_absence=[notify_of_absence],
    after_turns=[notify_turns],
    after_access=[give_accounts, notify_turns_of_today],
    after_load=[notify_turns_after_load],
    signed_on_pages=[signed_on_pages],
    reasons_to_keep=[comment_reason_to_keep, amendment_reason_to_keep],
    search=[committee_hits, meeting_hits],
    documents=[
        RegisterDocument(),
        ConvocationDocument(),
        MinutesDocument(),
        SheetToSignDocument(),
        PackDocument(),
    ],
    agenda_items=[decisions_item, points_item],
    uploads=[noted_acts, acts_of_renewals, agenda_documents, scans_of],
    jobs=[
        Job("committee.forget_fallen_notes", forget_lapsed_notes, every=timedelta(hours=12)),
        Job("committee.seal_minutes", seal_approved, every=timedelta(minutes=5)),
        Job("committee.send_letters", send_waiting_letters, every=timedelta(minutes=5)),
    ],
    letters=[CommitteeLetter, CompositionLetter, RenewalLetter, SigningLetter],
    binding=[
        "committee:answer committee:recap committee:agree_to_all committee:dossier "
        "committee:retract committee:record committee:record_dossier "
        "committee:record_parties committee:confirm committee:confirm_recorded "
        "committee:refuse committee:undo committee:undo_dossier committee:withdraw "
        "committee:recall_dossier committee:link committee:name_seat committee:name_seat_for "
        "committee:edit_seat committee:elections committee:review_elections "
        "committee:abandon_elections committee:host_elections committee:declare_absence "
        "committee:end_absence committee:confirm_seat committee:end_seat committee:suspend_seat "
        "committee:delegate committee:end_delegation "
        "committee:convene committee:cancel_meeting committee:lend_voice committee:convocation "
        "committee:decide committee:drop_decision "
        "committee:submit_minutes committee:take_back_minutes committee:correct_minutes "
        "committee:drop_correction "
        "committee:session committee:record_voices committee:confirm_voices "
        "committee:record_signing committee:withdraw_signing committee:confirm_signing "
        "committee:host_signing"
    ],
    personal=PERSONAL,
    kept_names=KEPT_NAMES,
    after_anonymisation=[forget_notes_of],
    demo=[DemoStep("Comité de pilotage", set_up)],
    help=[
        Place(
            "committee:*",
            "membre-du-comite#repondre-aux-points-a-valider",
            coordinator="coordination#le-comite-sieges-points-dossiers",
        ),
        Place(
            "committee:point committee:answer committee:attach",
            "membre-du-comite#repondre-aux-points-a-valider",
            coordinator="coordination#un-point-vous-revient",
        ),
        Place(
            "committee:retract committee:undo committee:undo_dossier",
            "membre-du-comite#revenir-sur-un-accord",
        ),
        Place(
            "committee:refuse committee:confirm",
            "membre-du-comite#un-accord-saisi-au-nom-de-votre-organisme",
        ),
        Place(
            "committee:record",
            "membre-du-comite#un-accord-saisi-au-nom-de-votre-organisme",
            coordinator="coordination#saisir-un-accord-recueilli-hors-portail",
        ),
        Place(
            "committee:advise committee:comment committee:edit_comment committee:comment_history",
            "membre-du-comite#suppleant-instructeur-a-titre-consultatif",
        ),
        Place(
            "committee:dossiers committee:dossier",
            "membre-du-comite#un-dossier",
            coordinator="coordination#envoyer-un-dossier",
        ),
        Place(
            "committee:add_reclassification committee:edit_reclassification",
            "coordination#le-comite-sieges-points-dossiers",
        ),
        Place(
            "committee:add_dossier committee:propose_drafts committee:recall_dossier",
            "coordination#envoyer-un-dossier",
        ),
        Place(
            "committee:register committee:entry committee:entry_text committee:register_export",
            "membre-du-comite#le-registre",
        ),
        Place("committee:document", "membre-du-comite#les-documents"),
        Place(
            "committee:composition committee:composition_history committee:confirm_seat "
            "committee:suspend_seat committee:seat_act committee:who_commits",
            "membre-du-comite#suppleant-instructeur-a-titre-consultatif",
            coordinator="coordination#composer-le-comite",
        ),
        Place(
            "committee:name_seat committee:name_seat_for committee:edit_seat committee:end_seat",
            "coordination#composer-le-comite",
        ),
        Place(
            "committee:elections committee:review_elections committee:abandon_elections",
            "referent#apres-les-elections",
            coordinator="coordination#apres-les-elections",
        ),
        Place(
            "committee:signing committee:record_signing committee:withdraw_signing "
            "committee:confirm_signing",
            "membre-du-comite#la-signature",
            coordinator="coordination#enregistrer-la-signature",
        ),
        Place(
            "committee:declare_absence committee:end_absence committee:delegate "
            "committee:end_delegation committee:delegation_act",
            "membre-du-comite#vous-etes-absent-ou-vous-deleguez",
        ),
        Place(
            "committee:add_objective committee:edit_objective committee:end_objective",
            "coordination#proposer-un-objectif",
        ),
        Place(
            "committee:add_stake committee:edit_stake committee:end_stake",
            "membre-du-comite#les-enjeux-partages",
            coordinator="coordination#proposer-un-enjeu-partage",
        ),
        Place(
            "committee:draft committee:propose_draft committee:discard_draft committee:withdraw",
            "coordination#un-point-vous-revient",
        ),
        Place(
            "committee:meetings committee:meeting committee:meeting_calendar "
            "committee:convocation_file committee:agenda_document committee:own_reply "
            "committee:lend_voice committee:convocation committee:bodies committee:decisions "
            "committee:decision committee:report_decision committee:minutes committee:minutes_file "
            "committee:minutes_version committee:pack committee:session committee:confirm_voices",
            "membre-du-comite#les-reunions",
            coordinator="coordination#preparer-une-reunion",
        ),
        Place(
            "committee:add_meeting committee:next_meeting committee:edit_meeting "
            "committee:convene committee:send_agenda_again committee:remind_attendees "
            "committee:cancel_meeting committee:hold_meeting committee:add_item "
            "committee:standing_items committee:edit_item committee:move_item "
            "committee:remove_item committee:add_agenda_document "
            "committee:remove_agenda_document committee:invite committee:remove_invited "
            "committee:add_body committee:meeting_rules committee:add_body_member "
            "committee:remove_body_member committee:remove_body committee:presence "
            "committee:decide committee:correct_decision committee:drop_decision "
            "committee:reopen_decision committee:write_introduction committee:write_notes "
            "committee:submit_minutes committee:take_back_minutes committee:correct_minutes "
            "committee:drop_correction committee:sheet_to_sign "
            "committee:record_voices",
            "coordination#preparer-une-reunion",
        ),
        Place("committee:merge_draft", "coordination#quand-deux-personnes-ecrivent-en-meme-temps"),
        Place("committee:propose_after_term", "coordination#apres-le-terme-de-la-convention"),
        Place(
            "committee:amendments committee:choose_text committee:propose_amendment "
            "committee:withdraw_amendment",
            "membre-du-comite#ce-qui-a-ete-signe",
        ),
    ],
    gestures=[
        Gesture(
            "Répondre aux points à valider",
            "Lire ce qui change, dire d’accord ou demander autre chose ; trente minutes pour "
            "revenir en arrière.",
            "committee:points",
            "Les points à valider",
            rank=10,
        )
    ],
)
