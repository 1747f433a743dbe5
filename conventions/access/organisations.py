"""Events of an organisation: its official address, its rule of secrecy."""

from django.utils import timezone

from accounts.models import User
from conventions.access import rights
from conventions.access.guarding import guard
from conventions.access.mail import notify_address
from conventions.access.notices import AddressGiven
from conventions.journal.models import Setting
from conventions.journal.recording import record_setting
from conventions.parties.models import Organisation
from conventions.parties.secrecy import is_stricter
from ctg_portal.forms.revisions import check_revision
from ctg_portal.house import house, let_follow
from ctg_portal.marks.events import event
from ctg_portal.marks.models import Subject
from ctg_portal.rules import Refusal, Refused, enforce
from ctg_portal.templatetags.french import long_date
from notifications.news import notify

GONE = Refusal("Quelqu’un a retiré ceci de la liste entre-temps.")


@event(Subject.TEXT)
def give_address(
    organisation: Organisation, *, email: str, by: User | None, revision: int | None = None
) -> Organisation:
    """Give an organisation its official address, or remove it (empty), and return the organisation;
    do nothing where it is the one in force. Notify those who act for it, and write to the former
    and the new address. Given by the host (None) it is confirmed, by a référent not yet. Raises
    Refused when ``by`` may not, or with Rewritten where the row has changed since ``revision``."""
    enforce(rights.may_give_address(by, organisation))
    organisation = Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)
    if organisation.email.lower() == email.strip().lower():
        return organisation
    check_revision(organisation, revision)
    former = "" if organisation.email_is_proposed else organisation.email
    record_setting(
        Setting.OFFICIAL_ADDRESS, organisation, organisation.email, email.strip(), by=by,
        capacity=rights.capacity_for(by, organisation),
    )  # fmt: skip
    organisation.email = email.strip()
    organisation.email_source, organisation.email_is_proposed = "", False
    organisation.email_confirmed_at = timezone.now() if by is None and email.strip() else None
    _save(organisation, by=by)
    news = AddressGiven(organisation, organisation.history.latest("history_id"))
    notify(news)
    for address in {former, organisation.email} - {""}:
        notify_address(address, news.happened, news.details, organisation, news.link())
    return organisation


@event(Subject.TEXT)
def tighten_secrecy(organisation: Organisation, *, threshold: int, by: User | None) -> None:
    """Raise the threshold below which the counts of an organisation are masked, or set its first,
    and guard the organisation; what is disclosed already is masked further. Raises Refused where
    ``by`` may not, or the threshold is no stricter than the one in force."""
    organisation = Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)
    enforce(rights.may_tighten_secrecy(by, organisation))
    if not is_stricter(Organisation(masking_threshold=threshold), organisation):
        raise Refused(
            Refusal(
                f"Le seuil en vigueur est {organisation.threshold} : un référent le relève ; pour "
                "l’abaisser, il faut l’accord de toutes les parties."
            )
        )
    former = organisation.threshold
    record_setting(
        Setting.THRESHOLD, organisation, former, threshold, by=by,
        capacity=rights.capacity_for(by, organisation),
    )  # fmt: skip
    organisation.masking_threshold, organisation.opts_out_of_secrecy = threshold, False
    what = f"Seuil porté de {former} à {threshold}" if former else f"Seuil fixé à {threshold}"
    organisation.secrecy_note = f"{what} le {long_date(timezone.localdate())}."
    _save(organisation, by=by)
    guard(organisation)
    let_follow(house().after_stricter_secrecy, organisation.convention)


@event(Subject.TEXT)
def confirm_address(organisation: Organisation, *, email: str, by: User) -> None:
    """Record that the host has found ``email`` to be the organisation's own. Raises Refused where
    it has no address, or another one by now."""
    organisation = Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)
    if not organisation.email:
        raise Refused(Refusal(f"{organisation.name} n’a pas d’adresse officielle."))
    if organisation.email != email:
        raise Refused(
            Refusal(
                f"L’adresse {organisation.genitive} a changé depuis que cette page est ouverte : "
                f"c’est {organisation.email}. Elle n’est pas confirmée."
            )
        )
    organisation.email_confirmed_at = timezone.now()
    organisation.email_is_proposed = False
    _save(organisation, by=by)


def _save(organisation: Organisation, *, by: User | None) -> None:
    """Save the organisation, with ``by`` as the author in its history."""
    organisation._history_user = by
    organisation.save()


def lock_against_withdrawal(organisation: Organisation) -> None:
    """Lock an organisation that is about to be referred to, so that nobody withdraws it meanwhile.
    Raises Refused where it is gone."""
    rows = Organisation.objects.select_for_update(of=("self",), no_key=True)
    if rows.filter(pk=organisation.pk).first() is None:
        raise Refused(GONE)
