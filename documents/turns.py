"""Limit of one upload at a time for each person and process: checking a file takes seconds, during
which others wait for their pages."""

import threading
from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from ctg_portal.rules import Refusal

_busy: set[str] = set()
_lock = threading.Lock()


def one_at_a_time(view):
    """Decorate a view so that it answers 429 while a file of the same person is being checked."""

    @wraps(view)
    def turn(request, *args, **kwargs):
        return in_turn(request, lambda: view(request, *args, **kwargs))

    return turn


def in_turn(
    request: HttpRequest, answer: Callable[[], HttpResponse], *, person: str = ""
) -> HttpResponse:
    """Return what ``answer`` returns; a response 429 while a file of the same person is being
    checked. ``person`` names who has no account: all who hold one link are one."""
    person = person or str(request.user.pk)
    with _lock:
        is_busy = person in _busy
        _busy.add(person)
    if is_busy:
        return render(request, "documents/busy.html", status=429)
    try:
        return answer()
    finally:
        with _lock:
            _busy.discard(person)


class TakesFiles:
    """A mixin of form views that take files: the right is checked before the file is, and files of
    one person are checked one at a time."""

    def refuse_upload(self) -> Refusal | None:
        """Return why the person may not send this form, or None."""
        raise NotImplementedError

    def refused(self, form, refusal: Refusal):
        """Show the form as it was typed, with the reason of a refusal."""
        form.add_error(None, refusal.reason)
        return self.form_invalid(form)

    def post(self, request, *args, **kwargs):
        """Submit the form; with files, show it again where the person may not send it, and answer
        429 while another file of theirs is being checked."""
        if not request.FILES:
            return super().post(request, *args, **kwargs)
        if refusal := self.refuse_upload():
            return self.refused(self.unchecked_form(), refusal)
        return in_turn(request, lambda: super(TakesFiles, self).post(request, *args, **kwargs))

    def unchecked_form(self):
        """Return the form validated but for its files, which are in its cleaned data unchecked."""
        form = self.get_form()
        form.files = {}
        form.is_valid()
        for name in form.fields.keys() & self.request.FILES.keys():
            form.errors.pop(name, None)
            form.cleaned_data[name] = self.request.FILES[name]
        return form
