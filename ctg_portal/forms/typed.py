"""Forms that could not be taken: nothing typed is lost, nor written in somebody else's name.

Every form says for whom it was drawn: ``{% csrf_token %}`` writes that person's signed mark beside
the token. What is sent after the session has ended, or from before the last log-in, is kept for
that person, who finds it again after logging in (``keep``, ``kept_for``); nobody else does. A page
with JavaScript keeps it itself and asks here whether it may send it (``standing_of``).

Somebody else may have seen a mark: what comes from another site, or with a mark of former days, is
kept for nobody, and a form that binds its person (``Contributions.binding``) is not sent again from
here: its text is given back, to be taken to its page.
"""

import secrets
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.core import signing
from django.core.cache import cache
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from ctg_portal.house import house

MARK = "typed-by"
MARK_HEADER = "X-Typed-By"
RESENT = "typed-kept"
KEPT_AT_MOST = 5  # forms a person
LONGEST = 1_000_000  # characters of all fields of a form
MARK_LIFETIME = timedelta(days=7)  # a tab may stay open over some days
SIGNER = signing.TimestampSigner(salt="typed-by")


@dataclass(frozen=True)
class Typed:
    """A form as it was sent: ``fields`` by name, in order; ``files`` are names, not contents.
    ``binds``: it is sent from its own page alone."""

    key: str
    path: str
    page: str
    at: float
    fields: list[tuple[str, str]] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    binds: bool = False

    @property
    def moment(self) -> datetime:
        return datetime.fromtimestamp(self.at, tz=timezone.get_current_timezone())

    @property
    def prose(self) -> list[str]:
        """The texts that took time to write, shown so that they can be copied."""
        return [text for _name, text in self.fields if is_prose(text)]


def is_prose(text: str) -> bool:
    """Return whether a text is words that somebody wrote, and no key, day, number or token."""
    return len(text.split()) > 1 and any(character.isalpha() for character in text)


def prose_in(request) -> list[str]:
    """Return the texts of a refused form that took time to write, for the page of the refusal.

    A view whose forms carry them otherwise than as fields of prose sets ``request.read_typed`` in
    ``setup``: a function of the request that returns texts.
    """
    if request.method != "POST" or _is_secret(request):
        return []
    read = request.read_typed(request) if hasattr(request, "read_typed") else []
    prose = [text for _name, texts in request.POST.lists() for text in texts if is_prose(text)]
    return read + [text for text in prose if not any(text.strip() in known for known in read)]


def _is_secret(request) -> bool:
    """Return whether a request holds a password, or a form of the profile or log-in."""
    own_pages = (reverse("profile"), reverse("account_login"))
    return request.path.startswith(own_pages) or any("password" in name for name in request.POST)


def mark_of(user: AbstractUser | AnonymousUser | None) -> str:
    """Return the signed mark that says for whom a form was drawn; empty for nobody."""
    return SIGNER.sign(str(user.pk)) if user is not None and user.is_authenticated else ""


def owner_of(request) -> str | None:
    """Return the key, as text, of who the sent form was drawn for; None if unsaid."""
    return _unsigned(request, max_age=None)


def _unsigned(request, max_age: timedelta | None) -> str | None:
    """Return the key signed in a form's mark; None for a missing, forged or outdated mark."""
    try:
        mark = request.POST.get(MARK) or request.headers.get(MARK_HEADER, "")
        return SIGNER.unsign(mark, max_age=max_age)
    except signing.BadSignature:
        return None


def page_of(request) -> str:
    """Return the address of our page that a form was sent from; else that of the first page."""
    page = request.headers.get("Referer", "")
    is_ours = url_has_allowed_host_and_scheme(
        page, {request.get_host()}, require_https=request.is_secure()
    )
    return page if is_ours else "/"


def standing_of(request) -> str:
    """Return whether the person of a page in a browser is still logged in (``same``), nobody is
    (``ended``), or somebody else (``other``)."""
    if not request.user.is_authenticated:
        return "ended"
    return "same" if owner_of(request) == str(request.user.pk) else "other"


def not_taken(request) -> HttpResponse | None:
    """Keep a posted form that cannot be taken now for its person, and return the response that says
    so; to htmx, whose page still has it, a bare 401 or 409. None for who answers as usual: no POST,
    a form that does not say whose it is, or one that could not be kept."""
    if request.method != "POST" or owner_of(request) is None:
        return None
    standing = standing_of(request)
    if request.headers.get("HX-Request"):  # the page has it still
        return HttpResponse(status=401 if standing == "ended" else 409)
    is_kept = keep(request)
    if standing == "other":
        return render(request, "typed/other.html", {"is_kept": is_kept}, status=409)
    if not is_kept:
        return None
    if standing == "same":
        return redirect("typed")
    messages.warning(
        request,
        "Votre session est terminée. Ce que vous avez saisi est gardé pour vous : "
        "reconnectez-vous pour l’enregistrer.",
    )
    return redirect_to_login(reverse("typed"))


# Kept --------------------------------------------------------------------------------------------


def keep(request) -> bool:
    """Keep the sent form for its person, as long as a session lasts; return whether it is kept.

    A button alone, secrets, more than a person types and another site's form are not.
    """
    fields = [
        (name, text)
        for name, texts in request.POST.lists()
        for text in texts
        if name not in ("csrfmiddlewaretoken", MARK, RESENT)
    ]
    if not fields or _is_secret(request) or sum(len(text) for _name, text in fields) > LONGEST:
        return False
    typed = Typed(
        binds=_binds(request.path_info),
        key=secrets.token_urlsafe(12),
        path=request.get_full_path(),
        page=page_of(request),
        at=timezone.now().timestamp(),
        fields=fields,
        files=[file.name for _, files in request.FILES.lists() for file in files],
    )
    here = f"{request.scheme}://{request.get_host()}"
    is_near = request.headers.get("Origin", here) == here
    is_ours = is_near and _unsigned(request, MARK_LIFETIME) is not None
    if not is_ours or (typed.binds and not typed.prose):
        return False
    _store(owner_of(request), typed)
    return True


def _binds(path: str) -> bool:
    """Return whether the page of an address has forms that bind their person."""
    try:
        return resolve(path).view_name in " ".join(house().binding).split()
    except Resolver404:
        return False


def kept_for(user: AbstractUser) -> list[Typed]:
    """Return the forms kept for ``user``, the last first."""
    return sorted(_stored(user.pk).values(), key=lambda typed: typed.at, reverse=True)


def forget(user: AbstractUser, key: str) -> None:
    """Delete a form that was kept for ``user``."""
    cache.delete_many([place for place, typed in _stored(user.pk).items() if typed.key == key])


def forget_all(user: AbstractUser) -> None:
    """Delete all forms that were kept for ``user``."""
    cache.delete_many(_places(user.pk))


def _stored(owner) -> dict[str, Typed]:
    """Return the kept forms of a person by their key in the cache."""
    rows = cache.get_many(_places(owner))
    return {place: Typed(**row) for place, row in rows.items()}


def _store(owner, typed: Typed) -> None:
    """Store a form in a free place, or instead of the oldest. ``cache.add`` lets only one of two
    pages that send at the same moment have a free place."""
    for place in _places(owner):
        if cache.add(place, asdict(typed), timeout=settings.SESSION_COOKIE_AGE):
            return
    stored = _stored(owner)
    oldest = min(stored, key=lambda place: stored[place].at, default=_places(owner)[0])
    cache.set(oldest, asdict(typed), timeout=settings.SESSION_COOKIE_AGE)


def _places(owner) -> list[str]:
    return [f"typed:{owner}:{place}" for place in range(KEPT_AT_MOST)]
