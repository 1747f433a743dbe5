"""Read and fill in the page « Saisir mes données » as people do."""

from tests.accounts.reading import tree_of
from tests.committee.pages import page_of


def entry_url(campaign, address: str = "") -> str:
    return f"/conventions/{campaign.convention.slug}/evaluations/{campaign.year}/saisie/{address}"


def fields_of(response, form: int = -1, within: str = ".") -> dict[str, str]:
    """Return what a browser would send of a form of the page (by default the last), or of those
    ``within`` a part of it, nothing touched."""
    root = tree_of(response.content.decode())
    fields = {}
    for field in root.findall(f"{within}//form")[form].iter():
        tag, name = field.tag, field.get("name")
        if not name:
            continue
        if tag == "textarea":
            fields[name] = (field.text or "").removeprefix("\n")
        elif tag == "select":
            options = list(field.iter("option"))
            chosen = [o for o in options if o.get("selected") is not None] or options[:1]
            fields[name] = chosen[0].get("value", "") if chosen else ""
        elif tag == "input" and _is_sent(field):
            fields[name] = field.get("value", "on" if field.get("type") == "checkbox" else "")
    return fields


def _is_sent(field) -> bool:
    return field.get("type") not in ("checkbox", "radio") or field.get("checked") is not None


class Desk:
    """A person at the page of a campaign."""

    def __init__(self, client, user, campaign, query: str = ""):
        self.client, self.user, self.url = client, user, entry_url(campaign) + query

    def open(self):
        self.client.force_login(self.user)
        self.response = self.client.get(self.url)
        self.fields = fields_of(self.response)
        return self

    def type(self, entry, **texts):
        """Fill in fields of a row: ``figure="12,5"``."""
        for name, text in texts.items():
            assert f"v{entry.pk}-{name}" in self.fields or name in (
                "provisional",
                "decision",
                "same_comment",
            )
            self.fields[f"v{entry.pk}-{name}"] = text
        return self

    def send(self, **buttons):
        """Press « Enregistrer »; the page that follows is read with ``text``."""
        self.client.force_login(self.user)
        self.response = self.client.post(self.url, self.fields | buttons)
        if self.response.status_code == 200:
            self.fields = fields_of(self.response)
        return self

    def send_row(self, entry):
        """Send one row, as htmx does when a field of it has changed."""
        self.client.force_login(self.user)
        prefix = f"v{entry.pk}-"
        sent = {name: text for name, text in self.fields.items() if name.startswith(prefix)}
        url = f"{self.url}{'&' if '?' in self.url else '?'}ligne={entry.pk}"
        self.response = self.client.post(url, sent, headers={"HX-Request": "true"})
        return self.response.content.decode()

    @property
    def text(self) -> str:
        """The page, or the one that the form leads to, with plain spaces."""
        if self.response.status_code == 302:
            self.response = self.client.get(self.response.url)
        return " ".join(page_of(self.response).split())
