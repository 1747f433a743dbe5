"""The buttons that settle a text which is to be specified."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from actions.plan.reading import readable_actions
from actions.unclear.events import settle_text
from actions.unclear.reading import texts_to_settle
from conventions.access.pages import visible_convention
from ctg_portal.rules import DoneAlready, Refused


@require_POST
def settle(request, slug, pk, text):
    """Settle a text and go back to the sheet; « ecarter » drops it. 404 for who may not."""
    convention = visible_convention(request, slug)
    action = get_object_or_404(readable_actions(convention, request.user), pk=pk)
    action.convention = convention
    row = get_object_or_404(action.unclear_texts, pk=text)
    back = action.get_absolute_url()
    if row.settled_at:
        raise DoneAlready("Ce texte est déjà réglé.", back)
    row.action = action
    if all(one.text != row for one in texts_to_settle(action, request.user)):
        raise Http404
    is_dropped = "ecarter" in request.POST
    try:
        settle_text(row, by=request.user, was_taken=not is_dropped)
    except Refused as refused:
        messages.error(request, refused.refusal.reason)
    else:
        messages.success(request, f"{row.label} : {'écarté' if is_dropped else 'réglé'}.")
    return redirect(f"{back}#a-preciser")
