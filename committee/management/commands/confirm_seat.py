from django.core.management import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from agreements.models import Delegation, Seat
from agreements.seats import events
from conventions.models import Convention
from ctg_portal.rules import Refused
from ctg_portal.search import fold


class Command(BaseCommand):
    help = (
        "Confirms the seats of somebody in an organisation, and the delegations given to them "
        "there, that await a word or were objected to, where nobody on the portal may."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "who", metavar="EMAIL|NOM", help="adresse, ou nom de qui n’a pas de compte"
        )
        parser.add_argument("slug", help="identifiant de la convention")
        parser.add_argument("organisation", metavar="SIGLE", help="organisme")

    @transaction.atomic
    def handle(self, *args, who, slug, organisation, **options):
        convention = Convention.objects.filter(slug=slug).first()
        if convention is None:
            raise CommandError(f"Aucune convention n’a l’identifiant {slug}.")

        def is_theirs(entrusted):
            called = entrusted.user.email if entrusted.user else entrusted.name
            return entrusted.organisation.acronym == organisation and fold(called) == fold(who)

        today = timezone.localdate()
        held = Seat.objects.of(convention).not_over(today).with_body()
        lent = Delegation.objects.of(convention).not_over(today).with_seat().select_related("user")
        seats, delegations = list(filter(is_theirs, held)), list(filter(is_theirs, lent))
        if not seats and not delegations:
            raise CommandError(f"{who} n’a ni siège ni délégation pour {organisation}.")
        silent = [seat for seat in seats if seat.awaits_confirmation or seat.is_suspended]
        waiting = [delegation for delegation in delegations if delegation.awaits_confirmation]
        if not silent and not waiting:
            raise CommandError(f"Ce que {who} a pour {organisation} est déjà confirmé.")
        try:
            for seat in silent:
                events.confirm_seat(seat, by=None)
            for delegation in waiting:
                events.confirm_delegation(delegation, by=None)
        except Refused as refused:
            raise CommandError(refused.refusal.reason) from None
        for one in [*silent, *waiting]:
            self.stdout.write(f"Confirmé : {one}, pour {one.organisation.name}.")
