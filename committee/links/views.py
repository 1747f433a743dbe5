"""The page that a personal link opens. Whoever holds the link may read it; answering requires to
log in.

A GET changes nothing: mail programs follow links by themselves.
"""

from urllib.parse import urlencode

from allauth.core.ratelimit import consume, respond_429
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.generic import TemplateView

from accounts.codes import send_login_code
from accounts.throttling import is_link_opening_allowed
from committee.links.events import cut_links, hand_on
from committee.links.reading import Closed, open_link
from committee.links.tokens import parse_token
from ctg_portal.rules import Refused

# The token goes to no other site, nor to our own logs; "no-referrer" would have browsers send our
# forms without an origin, and they would not be taken.
HEADERS = {"Referrer-Policy": "strict-origin"}


@method_decorator(login_not_required, name="dispatch")
class LinkPage(TemplateView):
    """The page of a personal link."""

    template_name = "committee/links/link.html"

    def dispatch(self, request, *args, **kwargs):
        """Open the link: 429 if asked too often, 404 for no link of ours, 410 once closed."""
        if not is_link_opening_allowed(request):
            return respond_429(request)
        self.link = parse_token(kwargs["token"])
        if self.link is None:
            raise Http404
        try:
            self.opened = open_link(self.link, request)
        except Closed as closed:
            response = render(
                request, "committee/links/closed.html", {"reason": str(closed)}, status=410
            )
        else:
            response = super().dispatch(request, *args, **kwargs)
        for name, value in HEADERS.items():
            response[name] = value
        return response

    @property
    def is_addressee(self) -> bool:
        return self.request.user.is_authenticated and self.request.user == self.link.user

    def get(self, request, *args, **kwargs):
        """Redirect who is logged in as the addressee to the page in the portal."""
        if self.is_addressee:
            return redirect(self.opened.target)
        return super().get(request, *args, **kwargs)

    def post(self, request, *args, **kwargs):
        """Send a code or hand the link on, as the button says; for another, show the page again."""
        acts = {"code": self.send_code, "transmettre": self.hand_on}
        act = acts.get(request.POST.get("geste"))
        return act(request) if act else redirect(request.path)

    def send_code(self, request):
        """Send a login code by mail and go to where it is typed, which leads to the page where one
        answers. Who is logged in gets none; 429 if asked too often."""
        if request.user.is_authenticated:
            return redirect(request.path)
        if not send_login_code(request, self.link.user.email):
            return respond_429(request)
        confirm = reverse("account_confirm_login_code")
        return redirect(f"{confirm}?{urlencode({'next': self.opened.target})}")

    def hand_on(self, request):
        """Send the chosen substitute a link of their own; 404 for nobody whom the link offers, 429
        when asked more than a few times an hour."""
        by_key = {str(seat.pk): seat for seat in self.opened.substitutes}
        seat = by_key.get(request.POST.get("siege"))
        key = f"{self.link.user.pk}.{self.link.what}{self.link.pk}"
        if seat is None:
            raise Http404
        if not consume(request, action="hand_link_on", key=key):
            return respond_429(request)
        try:
            hand_on(self.opened, seat)
        except Refused as refused:
            messages.error(request, refused.refusal.reason)
        else:
            messages.success(request, f"Transmis à {seat.name}, qui reçoit son propre lien.")
        return redirect(request.path)

    def get_context_data(self, **kwargs):
        """Add what the link ``opened`` and its ``addressee``; ``login_url`` leads on to the page in
        the portal."""
        opened_now = self.opened
        return super().get_context_data(
            opened=opened_now,
            convention=opened_now.here.convention,
            addressee=self.link.user,
            login_url=f"{reverse('account_login')}?{urlencode({'next': opened_now.target})}",
            path=self.request.path,
            **kwargs,
        )


class CutLinks(TemplateView):
    """The page on which a user invalidates their own links, which have gone astray."""

    template_name = "committee/links/cut.html"

    def post(self, request, *args, **kwargs):
        """Invalidate all links sent to the user so far, and show the page again."""
        cut_links(by=request.user)
        messages.success(
            request, "Les liens qui vous ont été envoyés jusqu’ici n’ouvrent plus rien."
        )
        return redirect("committee:cut_links")
