"""Every message of the demonstration, moment after moment, as it is written to each person."""

import datetime
import re

import lxml.html
from django.core import mail
from django.core.management import call_command

from tests.golden.bare import SITE, Keys, Page, digest, without_tokens
from tests.golden.demonstration import Names, client_of
from tests.golden.stage import WEDNESDAY, Clock

HERE = "/conventions/grand-chatellerault/"
ADDRESS = re.compile(rf"{SITE}[^\s)>]*")
CODE = re.compile(r"^[A-Z0-9]{4}-?[A-Z0-9]{4}$", re.MULTILINE)


def take(clock: Clock, names: Names) -> list[str]:
    """Plays a few weeks of the demonstration; what people do, they do on its pages."""
    mails = Told(names)
    mails.what_was_written("La démonstration est montée")
    for account in ("copil-agglo", "coordination", "lecture"):
        submit(
            account, "/compte/", mail_rhythm="weekly" if account != "coordination" else "at_once"
        )
    _tell(clock, mails, "Mercredi, une demi-heure après", WEDNESDAY, minutes=30)

    _answer()
    mails.what_was_written("Des réponses sont données")
    _tell(clock, mails, "Mercredi, une heure après", WEDNESDAY, minutes=90)
    _tell(clock, mails, "La même minute, une seconde fois", WEDNESDAY, minutes=90)
    _tell(clock, mails, "Lundi à sept heures cinq", WEDNESDAY, days=5, hours=-2, minutes=5)

    _change_access(mails)
    _forget_password(mails)
    _tell(clock, mails, "Au lendemain des délibérations", WEDNESDAY, days=21)
    _tell(clock, mails, "Deux mois après", WEDNESDAY, days=61)
    return mails.lines


def _tell(clock: Clock, mails, title: str, start: datetime.datetime, **later) -> None:
    clock.move_to(start + datetime.timedelta(**later))
    call_command("send_due_mail", stdout=_Nowhere())
    mails.what_was_written(title)


class _Nowhere:
    def write(self, text):
        pass


def _answer() -> None:
    """A party agrees, another asks for a change, a third person gives an agreement back."""
    first = _point("Ouvrir deux espaces France Services")
    second = _point("Proposer un accueil de loisirs")
    submit("copil-caf", f"{first}repondre/?reponse=modification", reason="Un seul suffit.")
    submit("copil-agglo", f"{second}repondre/?reponse=accord", reponse="accord")
    for account in ("copil-caf", "copil-agglo"):
        submit(account, f"{HERE}comite/mes-reponses/")
    submit("copil-agglo", f"{second}retirer-l-accord/", reason="Le conseil ne s’est pas réuni.")


def _point(title: str) -> str:
    """Where a point is, which is found by its title."""
    page = lxml.html.fromstring(read("coordination", f"{HERE}comite/"))
    links = (link for link in page.iter("a") if title in link.text_content())
    return re.match(rf"{HERE}comite/points/\d+/", next(links).get("href"))[0]


def _change_access(mails) -> None:
    call_command("invite", "nouveau@caf.example", "grand-chatellerault", "reader",
                 organisation="CAF 86", stdout=_Nowhere())  # fmt: skip
    mails.what_was_written("Une personne est invitée")
    access = f"{HERE}acces/"
    [proposed] = re.findall(rf"{access}(\d+)/confirmer/", read("agent-caf", access))
    submit("agent-caf", f"{access}{proposed}/confirmer/")
    mails.what_was_written("Un accès est confirmé par le référent")
    submit("coordination", f"{access}{proposed}/suspendre/")
    mails.what_was_written("La personne est suspendue par la coordination")
    submit("agent-caf", f"{access}{proposed}/terminer/")
    mails.what_was_written("L’accès est terminé par le référent")


def _forget_password(mails) -> None:
    submit("", "/mot-de-passe-oublie/", email="lecture@demo.example")
    mails.what_was_written("Un mot de passe est oublié")
    submit("", "/connexion/code/", email="lecture@demo.example")
    mails.what_was_written("Un code de connexion est demandé")


def read(account: str, address: str) -> str:
    return client_of(account).get(address).content.decode()


def submit(account: str, address: str, **values) -> None:
    """Fill in the form of a page, and send it; it must have been taken."""
    client = client_of(account)
    page = lxml.html.fromstring(client.get(address).content)
    asked = {*values}
    forms = [form for form in page.forms if form.method == "POST" and asked <= {*form.fields}]
    if not forms:
        raise AssertionError(f"{account}: no form with {asked} at {address}")
    sent = {}
    for name, value in forms[-1].form_values():
        sent.setdefault(name, []).append(value)
    response = client.post(forms[-1].action or address, sent | values)
    if response.status_code != 302:
        raise AssertionError(f"{account}: {address} answers {response.status_code}")


class Told:
    """Messages as they are written, those of one moment by recipient and subject."""

    def __init__(self, names: Names):
        self.names, self.lines = names, []

    def what_was_written(self, title: str) -> None:
        self.lines += ["", f"######## {title} : {len(mail.outbox)}"]
        for message in sorted(self._lines_of(message) for message in mail.outbox):
            self.lines += ["", *message]
        mail.outbox.clear()

    def _lines_of(self, message) -> list[str]:
        keys = Keys(self.names)
        text = ADDRESS.sub(lambda match: keys.address(match[0]), message.body)
        text = CODE.sub("<code>", without_tokens(text))
        shown = [
            line for html, _ in message.alternatives for line in Page(html, Keys(self.names)).lines
        ]
        return [
            f"==== {', '.join(message.to)}",
            f"Objet : {message.subject}",
            f"HTML : {digest([CODE.sub('<code>', line) for line in shown])}",
            *text.strip().splitlines(),
        ]
