"""The signature of a convention: who records and confirms it, what follows, what is refused."""

import pytest
from allauth.mfa.models import Authenticator
from django.forms.models import model_to_dict

from actions.plan.events import add_action, canonical_content
from agreements.models import Seat, Version
from agreements.versions import events as drafts
from committee.signing import events
from committee.signing.models import Signing
from conventions.loading.content import content_of
from conventions.models import Amendment, Convention, Objective, Organisation, Signatory
from ctg_portal.rules import Refused
from notifications.models import Notice
from notifications.sending import send_due_mail
from tests import factories as f
from tests.agreements.factories import DelegationFactory
from tests.committee.signing.scene import (
    DAYS,
    PEOPLE,
    SIGNATORIES,
    SigningScene,
    content,
    load,
    signed_on,
)
from tests.stories import told_once

pytestmark = pytest.mark.django_db


@told_once
def scene():
    return SigningScene()


def reloaded(scene) -> Convention:
    return Convention.objects.get(pk=scene.convention.pk)


# What it brings about -----------------------------------------------------------------------------


def state_of(convention: Convention) -> dict:
    """What the database holds of a convention, without keys and moments of writing."""
    ignored = {"id", "convention", "since", "until", "axis", "theme", "parent", "succeeds"}

    def plain(row):
        return {k: v for k, v in model_to_dict(row).items() if k not in ignored}

    versions = Version.objects.of(convention).select_related("content_type").order_by("pk")
    return {
        "content": content_of(convention, {}),
        "convention": plain(convention),
        "amendments": [plain(row) for row in Amendment.objects.filter(convention=convention)],
        "objectives": [plain(row) for row in Objective.objects.of(convention).order_by("pk")],
        "signatories": [
            plain(row) | {"party": row.party.organisation.acronym}
            for row in Signatory.objects.filter(party__organisation__convention=convention)
            .select_related("party__organisation").order_by("party__rank", "rank")
        ],
        "versions": [
            (version.content_type.model, version.number, version.title, version.origin,
             version.state, version.text, version.digest, version.proposed_at,
             version.in_force_at,
             [(row.verb, row.by_id, row.to_state) for row in version.transitions.order_by("pk")])
            for version in versions
        ],
    }  # fmt: skip


def test_a_convention_signed_on_pages_is_as_one_loaded_signed(scene):
    on_pages = state_of(scene.sign())
    written = content(signee_le=signed_on().isoformat(), signee_a="Poitiers")
    for party in written["parties"]:
        party["signataires"] = SIGNATORIES[party["sigle"]]
    Convention.objects.filter(pk=scene.convention.pk).update(slug="autre")
    load(content())
    loaded = state_of(load(written))
    for state in (on_pages, loaded):
        assert len(state["versions"]) == 6
    assert on_pages == loaded


def test_a_convention_that_began_before_its_signature_keeps_its_first_day(scene):
    first = (signed_on() - 90 * DAYS).isoformat()
    load(content(debut=first))
    convention = scene.sign()
    assert (convention.start.isoformat(), convention.signed_on) == (first, signed_on())


def test_a_draft_made_before_the_signature_is_proposed_after_it(scene):
    first, last = signed_on(), scene.convention.end
    objective = Objective.objects.of(scene.convention).level(1).get()
    values = {
        "title": "Ouvrir un lieu", "description": "Itinérant.", "theme": objective.theme,
        "objectives": [objective],
        "leads": [{"organisation": scene.caf, "name": "Nadia Lefèvre", "capacity": "Conseillère"}],
        "starts_on": first, "ends_on": last, "is_whole_territory": True,
    }  # fmt: skip
    draft = add_action(scene.convention, canonical_content(values), by=scene.coordinator)
    with pytest.raises(Refused, match="n’est pas signée"):
        drafts.propose(draft, by=scene.coordinator)
    scene.sign()
    version = Version.objects.get(pk=draft.pk)
    assert drafts.propose(version, by=scene.coordinator).is_proposed


def test_nothing_is_signed_before_the_last_party_has_confirmed(scene):
    scene.record()
    scene.confirm(scene.caf, scene.caf_member)
    assert not reloaded(scene).is_signed
    assert not Version.objects.of(scene.convention).exists()


def test_a_file_loaded_over_it_does_not_change_a_confirmed_signature(scene):
    scene.sign()
    load(content())
    assert reloaded(scene).signed_on == signed_on()
    load(content(signee_le=(signed_on() - DAYS).isoformat(), signee_a="Tours"))
    convention = reloaded(scene)
    assert (convention.signed_on, convention.signed_at) == (signed_on(), "Poitiers")


# Who confirms -------------------------------------------------------------------------------------


def test_a_confirmation_keeps_name_and_capacity(scene):
    scene.sign()
    member = Seat.objects.get(user=scene.caf_member)
    by_party = {row.organisation: row for row in Signing.objects.get().confirmations.all()}
    assert by_party[scene.caf].capacity == f"{member.capacity}, {scene.caf}"
    assert by_party[scene.epci].capacity.startswith("référent des accès")
    assert by_party[scene.epci].by_name == str(scene.epci_referent)


@pytest.mark.parametrize("who", ["reader", "coordinator", "epci_referent"])
def test_who_does_not_commit_a_party_does_not_confirm_for_it(scene, who):
    scene.record()
    with pytest.raises(Refused, match="par un membre du comité qui l’engage"):
        scene.confirm(scene.caf, getattr(scene, who))


def test_a_delegate_does_not_confirm(scene):
    delegation = DelegationFactory(seat=Seat.objects.get(user=scene.caf_member))
    scene.record()
    with pytest.raises(Refused, match="par un membre du comité qui l’engage"):
        scene.confirm(scene.caf, delegation.user)


def test_nobody_confirms_for_two_parties(scene):
    f.MembershipFactory(user=scene.epci_referent, organisation=scene.caf, referent=True)
    scene.record()
    scene.confirm(scene.epci, scene.epci_referent)
    with pytest.raises(Refused, match="pour deux parties"):
        scene.confirm(scene.caf, scene.epci_referent)


def test_a_party_confirms_once(scene):
    scene.record()
    scene.confirm(scene.caf, scene.caf_member)
    with pytest.raises(Refused, match="a déjà confirmé"):
        scene.confirm(scene.caf, f.referent_of(scene.caf))


def test_a_party_whose_agreement_is_not_required_does_not_confirm(scene):
    other = f.PartyFactory(organisation__convention=scene.convention, agreement_required=False)
    scene.record(signatories=PEOPLE | {other.organisation.acronym: [("Luc ROY", "Maire")]})
    with pytest.raises(Refused, match="ne requiert pas l’accord"):
        scene.confirm(other.organisation, f.referent_of(other.organisation))


def host(**mfa):
    user = f.UserFactory(is_superuser=True)
    Authenticator.objects.create(user=user, type="totp", data={"secret": "A"})
    return user


def test_the_host_alone_confirms_on_the_scan(scene):
    scene.record()
    events.confirm_on_scan(scene.convention, revision=None, operator=host())
    assert reloaded(scene).signed_on == signed_on()
    assert Signing.objects.get().confirmations.get().organisation is None


@pytest.mark.parametrize("who", ["coordinator", "caf_member"])
def test_nobody_else_confirms_on_the_scan(scene, who):
    scene.record()
    with pytest.raises(Refused, match="hébergeur"):
        events.confirm_on_scan(scene.convention, revision=None, operator=getattr(scene, who))


# What is recorded ---------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["reader", "caf_member", "epci_referent"])
def test_the_coordination_alone_records_and_withdraws(scene, who):
    with pytest.raises(Refused, match="Seule la coordination"):
        scene.record(by=getattr(scene, who))
    scene.record()
    with pytest.raises(Refused, match="Seule la coordination"):
        events.withdraw(scene.convention, revision=None, by=getattr(scene, who))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"scan": False}, "Il manque le document signé"),
        ({"signed_on": signed_on() + 4 * DAYS}, "est à venir"),
        ({"signatories": {"CAF 99": PEOPLE["CAF 99"]}}, "Il manque qui a signé pour"),
    ],
)
def test_a_signature_is_refused(scene, changes, message):
    with pytest.raises(Refused, match=message):
        scene.record(**changes)
    assert not Signing.objects.exists()


def test_a_signature_does_not_precede_the_deliberation_that_authorises_it(scene):
    written = content()
    written["parties"][1]["deliberation"] = (signed_on() + DAYS).isoformat()
    load(written)
    with pytest.raises(Refused, match="ne précède pas la délibération"):
        scene.record()


def test_a_signature_after_the_term_is_refused(scene):
    load(content(fin=(signed_on() - DAYS).isoformat()))
    with pytest.raises(Refused, match="prend fin le"):
        scene.record()


def test_nothing_is_recorded_of_a_convention_that_is_signed(scene):
    scene.sign()
    with pytest.raises(Refused, match="déjà signée"):
        scene.record()
    with pytest.raises(Refused, match="déjà signée"):
        events.withdraw(scene.convention, revision=None, by=scene.coordinator)


def test_what_is_recorded_again_is_to_be_confirmed_anew(scene):
    first = scene.record()
    scene.confirm(scene.caf, scene.caf_member)
    again = scene.record(scan=False, signed_at="Tours")
    assert (again.pk, again.scan) == (first.pk, first.scan)
    scene.confirm(scene.epci, scene.epci_referent)
    assert not reloaded(scene).is_signed
    scene.confirm(scene.caf, scene.caf_member)
    assert reloaded(scene).signed_at == "Tours"
    assert again.confirmations.count() == 3


def test_what_is_withdrawn_stays_stored_and_is_no_longer_confirmed(scene):
    signing = scene.record()
    scene.confirm(scene.caf, scene.caf_member)
    events.withdraw(scene.convention, revision=None, by=scene.coordinator)
    with pytest.raises(Refused, match="Aucune signature"):
        scene.confirm(scene.epci, scene.epci_referent)
    assert signing.confirmations.count() == 1
    assert scene.record().pk != signing.pk


def test_of_two_who_record_at_once_the_second_is_refused(scene):
    scene.record(revision=0)
    with pytest.raises(Refused, match="a enregistré autre chose"):
        scene.record(revision=0, signed_at="Tours")


def test_what_was_recorded_again_is_not_confirmed_unread(scene):
    signing = scene.record()
    scene.record(signed_at="Tours")
    with pytest.raises(Refused, match="a changé depuis"):
        scene.confirm(scene.caf, scene.caf_member, revision=signing.revision)


def test_a_text_that_changed_since_is_not_confirmed(scene):
    scene.record()
    written = content()
    written["articles"][0]["texte"] = "Un autre texte."
    load(written)
    with pytest.raises(Refused, match="Le texte de la convention a changé"):
        scene.confirm(scene.caf, scene.caf_member)


def test_an_official_address_is_no_text(scene):
    scene.record()
    Organisation.objects.filter(pk=scene.caf.pk).update(email="contact@caf.example")
    scene.confirm(scene.caf, scene.caf_member)


# Who is notified ----------------------------------------------------------------------------------


def notified(kind: str) -> set[int]:
    send_due_mail()
    return set(Notice.objects.filter(kind=kind).values_list("user", flat=True))


def test_who_may_confirm_is_notified(scene):
    scene.record()
    assert notified("signing_recorded") == {
        scene.caf_member.pk, scene.epci_referent.pk, scene.coordinator.pk
    }  # fmt: skip


def test_everybody_is_notified_that_the_convention_is_signed(scene):
    scene.sign()
    assert scene.reader.pk in notified("signing_confirmed")
