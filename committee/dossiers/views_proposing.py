"""The page on which several drafts are proposed at once, as one dossier."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render

from agreements.answers.lights import required_of
from agreements.versions.events import NoneProposed
from committee.dossiers.events import propose_dossier
from committee.dossiers.proposing import ProposingForm, draft_candidates, keys_asked
from committee.dossiers.reading import grouped_by_axis
from committee.pages import CommitteeReader
from committee.words import capitalized
from ctg_portal.rules import Refused
from ctg_portal.templatetags.french import enumerate_words, in_words


def propose_drafts(request, slug):
    """Show the drafts, then a summary of those chosen (the form again for « modifier »), then
    propose and send them, and go to their dossier. 403 for who does not coordinate.

    The address may name a kind (``nature``), the drafts that are ticked (``points``, « tous » for
    all that are ready) and a title (``titre``).
    """
    here = CommitteeReader(request, slug)
    if not here.manages:
        raise PermissionDenied
    candidates = draft_candidates(here, request.GET.get("nature", ""))
    form = _form(request, candidates, here.today)
    shown = here.context() | {
        "form": form,
        "points": candidates,
        "groups": grouped_by_axis(candidates),
        "ready": len(form.ready),
        "answering": enumerate_words(party.the for party in required_of(here.convention)),
    }
    is_to_send = form.is_bound and "modifier" not in request.POST and form.is_valid()
    if is_to_send and "envoyer" not in request.POST:
        return render(request, "committee/dossiers/propose_recap.html", shown)
    if is_to_send:
        values = dict(form.cleaned_data)
        try:
            dossier = propose_dossier(here.convention, values.pop("points"), **values, by=here.user)
        except NoneProposed as none:
            for pk, refusal in none.refusals.items():
                form.add_error("points", f"{form.versions[str(pk)].title} : {refusal.reason}")
        except Refused as refused:
            form.add_error("points", refused.refusal.reason)
        else:
            count = in_words(len(form.chosen), "point est proposé,points sont proposés")
            messages.success(
                request, f"{capitalized(count)} aux parties, et le dossier leur est envoyé."
            )
            return redirect("committee:dossier", slug, dossier.pk)
    if form.is_bound:
        form.show_revisions()
    return render(request, "committee/dossiers/propose.html", shown)


def _form(request, candidates, today) -> ProposingForm:
    """Return the form as it was sent, with all ready boxes ticked, or none; at first with those
    that the address names."""
    choice = {"candidates": candidates, "today": today}
    tick = request.POST.get("cocher")
    if tick:
        ready = [c.version.pk for c in candidates if tick == "tout" and not c.remark]
        return ProposingForm(initial=ProposingForm.typed(request.POST, ready), **choice)
    if request.method == "POST":
        return ProposingForm(request.POST, **choice)
    asked = keys_asked(request.GET.get("points", ""), candidates)
    title = request.GET.get("titre", "")
    return ProposingForm(initial={"points": asked, "title": title}, **choice)
