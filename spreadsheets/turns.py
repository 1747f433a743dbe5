"""A person has one file read at a time by each process: reading takes seconds, and the others who
wait for a page share them."""

import threading
from functools import wraps

from django.shortcuts import render

_reading: set[int] = set()
_lock = threading.Lock()


def one_at_a_time(view):
    """Has a view answer 429 while another page of the same person has a file read."""

    @wraps(view)
    def turn(request, *args, **kwargs):
        person = request.user.pk
        with _lock:
            is_busy = person in _reading
            _reading.add(person)
        if is_busy:
            return render(request, "spreadsheets/busy.html", status=429)
        try:
            return view(request, *args, **kwargs)
        finally:
            with _lock:
                _reading.discard(person)

    return turn
