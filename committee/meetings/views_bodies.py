"""Pages of the bodies of a convention: their members, and what is asked of meetings."""

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.generic import TemplateView

from agreements.answers.lights import required_of
from committee.meetings import bodies, rights
from committee.meetings.forms import BodyForm, PersonForm, RulesForm
from committee.meetings.models import Body, BodyKind, LeastPresence, MeetingRules
from committee.meetings.pages import MeetingForms
from committee.pages import CommitteePage


class Bodies(CommitteePage, TemplateView):
    """The bodies of a convention with their members, and what is asked of meetings."""

    template_name = "committee/meetings/bodies.html"

    def get_context_data(self, **kwargs):
        """Add the ``rows``, each a body and whether it may be removed, without the comité de
        pilotage, whose members are those of the composition; and the ``rules``."""
        rows = Body.objects.of(self.convention).exclude(kind=BodyKind.STEERING)
        rows = list(rows.prefetch_related("members__organisation", "members__user", "meetings"))
        least = LeastPresence.objects.filter(organisation__convention=self.convention)
        return super().get_context_data(
            rows=[(body, not body.meetings.all()) for body in rows],
            rules=MeetingRules.objects.filter(convention=self.convention).first(),
            least=list(least.select_related("organisation").order_by("organisation__name")),
            **kwargs,
        )


class BodiesForm(MeetingForms):
    """A form of the page of bodies."""

    @property
    def back(self):
        return reverse("committee:bodies", args=[self.convention.slug])


class AddBody(BodiesForm):
    """The form of a new thematic committee."""

    form_class = BodyForm
    heading = "Ajouter un comité"
    lead = "Il se réunit et donne des avis ; les accords restent ceux du comité de pilotage."
    button = "Ajouter"

    def act(self, form):
        """Add the committee; return the message."""
        body = bodies.add_body(self.convention, **form.cleaned_data, by=self.here.user)
        return f"« {body.name} » est ajouté : nommez ses membres."


class OfBody(BodiesForm):
    """A form about one body."""

    def find(self):
        """Set ``body``; 404 outside the convention."""
        self.body = get_object_or_404(Body.objects.of(self.convention), pk=self.kwargs["pk"])
        self.body.convention = self.convention


class AddMember(OfBody):
    """The form that names a member of a body."""

    form_class = PersonForm
    button = "Ajouter"

    @property
    def heading(self):
        return f"Ajouter un membre : {self.body.name}"

    def obstacle(self):
        return bodies.SEATED if self.body.is_steering else None

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"convention": self.convention}

    def act(self, form):
        """Name the member; with their account, where the address is that of one."""
        member = bodies.add_member(
            self.body, **form.cleaned_data, user=form.account, by=self.here.user
        )
        return f"{member.name} est membre."


class RemoveMember(OfBody):
    """The question before a member is removed."""

    button = "Retirer"

    def find(self):
        """Set ``body`` and ``member``; 404 outside the convention."""
        super().find()
        self.member = get_object_or_404(self.body.members, pk=self.kwargs["member"])

    @property
    def heading(self):
        return f"Retirer {self.member.name} : {self.body.name} ?"

    def act(self, form):
        """Remove the member; return the message."""
        bodies.remove_member(self.body, self.member, by=self.here.user)
        return f"{self.member.name} n’est plus membre."


class RemoveBody(OfBody):
    """The question before a body is removed."""

    button = "Retirer"
    is_grave = True

    @property
    def heading(self):
        return f"Retirer « {self.body.name} » ?"

    def obstacle(self):
        return rights.may_remove_body(self.request.user, self.body)

    def act(self, form):
        """Remove the body; return the message."""
        bodies.remove_body(self.body, by=self.here.user)
        return f"« {self.body.name} » est retiré."


class Rules(BodiesForm):
    """The form of what the convention asks of meetings."""

    form_class = RulesForm
    heading = "Ce que la convention demande des réunions du comité de pilotage"
    lead = "Laissez vide ce qu’elle ne demande pas."

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"parties": required_of(self.convention)}

    def get_initial(self):
        """Return days of notice, quorum and revision, and the least number of members of each party
        under ``least_`` and its key."""
        rules = self.written()
        least = LeastPresence.objects.filter(organisation__convention=self.convention)
        counts = {f"least_{pk}": count for pk, count in least.values_list("organisation", "count")}
        return counts | {
            "notice_days": rules.notice_days if rules else None,
            "quorum": rules.quorum if rules else None,
            "revision": rules.revision if rules else 0,
        }

    def written(self):
        return MeetingRules.objects.filter(convention=self.convention).first()

    def act(self, form):
        """Write the rules; return the message."""
        values = form.cleaned_data
        bodies.set_rules(
            self.convention, notice_days=values["notice_days"], quorum=values["quorum"],
            least=form.least, revision=values["revision"], by=self.here.user,
        )  # fmt: skip
        return "C’est enregistré."
