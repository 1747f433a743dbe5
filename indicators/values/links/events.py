"""Send entry links with their workbook, open them, submit figures through them, cut them."""

import datetime
from collections.abc import Iterable

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import timezone

from accounts.models import User
from conventions.models import Organisation
from ctg_portal.marks.events import changed, event
from ctg_portal.marks.models import Subject
from ctg_portal.rules import Refusal, Refused, enforce
from ctg_portal.templatetags.french import plural
from ctg_portal.text.typography import polish
from ctg_portal.transitions import move
from indicators.collection.links import EntryLink, LinkTransition, LinkVerb
from indicators.figures.campaigns import Campaign, CampaignIndicator
from indicators.values.files.template import TemplateLine, last_disclosed, template_of
from indicators.values.giving import Submission, submit_values
from indicators.values.links import rights
from indicators.values.links.tokens import address_of
from indicators.values.links.visitor import Visitor

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NAME_GONE = "une personne dont le nom n’est plus gardé"
OWES_NOTHING = Refusal("Aucun indicateur de ce recueil n’est saisi par cet organisme.")


class SentMeanwhile(Refusal):
    """The refusal that somebody has sent another link since the form was shown."""


@event(Subject.FIGURES)
def send_link(
    campaign: Campaign,
    organisation: Organisation,
    *,
    address: str,
    by: User,
    replaces: str | None = None,
) -> EntryLink:
    """Send an organisation the link by which it gives its figures of a year, with its workbook; its
    former links are cut.

    Raise Refused for who may not, or for another address than the official one under a secrecy
    rule. ``replaces``: the ``key_of`` the link that a form showed; one that was sent since is not
    cut unseen, and the form sent twice sends one.
    """
    campaign = Campaign.objects.select_for_update(of=("self",)).get(pk=campaign.pk)
    organisation = Organisation.objects.get(pk=organisation.pk)
    enforce(rights.may_send_link(by, campaign, organisation))
    enforce(rights.may_address(campaign, organisation, address))
    entries = campaign.campaign_indicators.entered_by([organisation]).with_relations()
    entries = list(entries.in_reading_order())
    if not entries:
        raise Refused(OWES_NOTHING)
    open_links = list(campaign.entry_links.open_for(organisation).select_for_update())
    last = next(iter(open_links), None)
    if last and replaces is not None and replaces != key_of(last):
        sent = last.transitions.get(verb=LinkVerb.SENT)
        if (sent.by, last.address) == (by, address.strip()):
            return last
        raise Refused(SentMeanwhile(
            f"{sent.by_name or 'Quelqu’un'} vient d’envoyer un lien à {last.address} : envoyez de "
            "nouveau pour que le vôtre le remplace."
        ))  # fmt: skip
    for former in open_links:
        move(former, LinkVerb.CUT, by=by)
    now = timezone.now()
    link = EntryLink(
        campaign=campaign, organisation=organisation, address=address.strip(), created_at=now,
        expires_at=expiry(now, entries),
    )  # fmt: skip
    move(link, LinkVerb.SENT, by=by, capacity="coordination")
    _send_message(link, entries, by)
    return link


def key_of(link: EntryLink | None) -> str:
    """Return the key by which a form says which link it shows as open; empty without one."""
    return str(link.pk) if link else ""


def expiry(now: datetime.datetime, entries: Iterable[CampaignIndicator]) -> datetime.datetime:
    """Return when a link for these figures expires: no sooner than the last of them is due."""
    last = max(entry.due_on for entry in entries)
    end_of_day = datetime.datetime.combine(last, datetime.time(23, 59))
    return max(now + settings.ENTRY_LINK_LIFETIME, timezone.make_aware(end_of_day))


@event(Subject.FIGURES)
def cut_link(link: EntryLink, *, by: User) -> EntryLink:
    """Cut a link: it opens nothing any more; what was given through it stays. Raise Refused if it
    is cut already, or for who does not coordinate."""
    link = _locked(link)
    enforce(rights.may_cut(by, link))
    move(link, LinkVerb.CUT, by=by, capacity="coordination")
    return link


@event()
def open_link(visitor: Visitor) -> EntryLink:
    """Log that a visitor has opened a link, with the name and role that they stated. Raise Refused
    if it may not be used."""
    changed(visitor.link, Subject.FIGURES)
    link = _locked(visitor.link)
    enforce(rights.may_use(link))
    move(link, LinkVerb.OPENED, by=visitor, capacity=f"pour {link.organisation.the}")
    return link


@event()
def submit_through_link(entries, *, visitor: Visitor, revisions: dict[int, int]) -> Submission:
    """Submit what is ready, as ``submit_values`` does, and log that it was done through the link,
    unless nothing was sent. Raise Refused if the link may not be used."""
    link = _locked(visitor.link)
    enforce(rights.may_use(link))
    changed(link, Subject.FIGURES)
    done = submit_values(entries, by=visitor, revisions=revisions)
    if done.sent:
        move(
            link, LinkVerb.GAVE, by=visitor, capacity=f"pour {link.organisation.the}",
            reason=plural(len(done.sent), "donnée transmise,données transmises"),
        )  # fmt: skip
    return done


@event()
def erase_ended_links() -> None:
    """Erase the addresses and visitors' names of links that ended long ago. Who gave a figure stays
    in the history of that figure."""
    ended = list(EntryLink.objects.long_ended(timezone.now()).select_for_update())
    for link in ended:
        changed(link, Subject.FIGURES)
    keys = [link.pk for link in ended]
    openings = LinkTransition.objects.filter(link__in=keys, by=None).exclude(by_name="")
    openings.update(by_name=NAME_GONE)
    EntryLink.objects.filter(pk__in=keys).update(address="")


def _locked(link: EntryLink) -> EntryLink:
    """Return the link as it is now, locked, with its campaign and organisation."""
    EntryLink.objects.select_for_update().get(pk=link.pk)
    return EntryLink.objects.with_relations().get(pk=link.pk)


def _send_message(link: EntryLink, entries, by: User) -> None:
    """Send the message with the link to its address, with the workbook to fill in, which has the
    earlier figures as everybody reads them."""
    campaign, organisation = link.campaign, link.organisation
    before = last_disclosed(entries)
    lines = [TemplateLine(entry, before.get(entry.pk, ""), None) for entry in entries]
    context = {
        "link": link,
        "campaign": campaign,
        "convention": campaign.convention,
        "organisation": organisation,
        "sender": by,
        "count": len(entries),
        "url": address_of(link),
        "site_url": settings.SITE_URL,
    }
    subject = polish(f"Données de {campaign.year} {organisation.genitive} : votre lien de saisie")
    context["subject"] = subject
    message = EmailMultiAlternatives(
        " ".join(subject.split())[:200],
        render_to_string("indicators/values/links/mail/link.txt", context),
        to=[link.address],
    )
    html = render_to_string("indicators/values/links/mail/link.html", context)
    message.attach_alternative(html, "text/html")
    content = template_of(campaign, [organisation], lines)
    message.attach(f"donnees-{campaign.year}.xlsx", content, XLSX)
    message.send()
