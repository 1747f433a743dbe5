"""A person has one file looked at at a time by each process: that takes seconds, and the others who
wait for a page share them."""

import threading
from functools import wraps

from django.shortcuts import render

from ctg_portal.rules import Refusal

_looking: set[str] = set()
_lock = threading.Lock()


def one_at_a_time(view):
    """Has a view answer 429 while another page of the same person has a file looked at."""

    @wraps(view)
    def turn(request, *args, **kwargs):
        return in_turn(request, lambda: view(request, *args, **kwargs))

    return turn


def in_turn(request, answer):
    """What ``answer`` returns, unless another page of the same person has a file looked at: 429."""
    # Who has no account is told apart by their session.
    person = str(request.user.pk or request.session.session_key)
    with _lock:
        is_busy = person in _looking
        _looking.add(person)
    if is_busy:
        return render(request, "documents/busy.html", status=429)
    try:
        return answer()
    finally:
        with _lock:
            _looking.discard(person)


class TakesFiles:
    """Mixin of a form page through which files come in: who may not bring one is told so before it
    is looked at, and a person has one looked at at a time."""

    def not_taken(self) -> Refusal | None:
        """Why what the form would do is not to be done."""
        raise NotImplementedError

    def refused(self, form, refusal: Refusal):
        """The form as it was typed, with the reason."""
        form.add_error(None, refusal.reason)
        return self.form_invalid(form)

    def post(self, request, *args, **kwargs):
        if not request.FILES:
            return super().post(request, *args, **kwargs)
        if refusal := self.not_taken():
            return self.refused(self.unseen_form(), refusal)
        return in_turn(request, lambda: super(TakesFiles, self).post(request, *args, **kwargs))

    def unseen_form(self):
        """What was typed; its files are there as they came, and were not looked at."""
        form = self.get_form()
        form.files = {}
        form.is_valid()
        for name in form.fields.keys() & self.request.FILES.keys():
            form.errors.pop(name, None)
            form.cleaned_data[name] = self.request.FILES[name]
        return form
