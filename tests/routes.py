"""The role table: for every route, what each person gets. A route that is not here fails a test.

A row gives, by HTTP method, the status for anybody logged out, for a stranger (who coordinates
another convention), for a former member, for reader, contributor and coordinator, and for who reads
like anybody else unless told otherwise: a contributor of another organisation, a member and an
adviser of the committee, a person who sits there in an advisory capacity.
"""

from dataclasses import dataclass, field

PERSONAS = [
    "anonymous", "stranger", "nobody", "former", "reader", "contributor", "other_contributor",
    "member", "adviser", "advisory", "coordinator",
]  # fmt: skip
LOGIN = 302


@dataclass(frozen=True)
class Route:
    """``kwargs(scene)`` fills the address; ``statuses`` by persona, those absent as ``reader``."""

    statuses: dict[str, int]
    kwargs: object = field(default=lambda scene: {})
    method: str = "get"

    def expected(self, persona: str) -> int:
        return self.statuses.get(persona, self.statuses["reader"])


def public(status=200, **others):
    return Route({"reader": status, **others})


def personal(status=200, **others):
    """A page of one's own account."""
    return Route({"anonymous": LOGIN, "reader": status, **others})


def of_convention(kwargs=None, status=200, method="get", **others):
    """A page for who has access to the convention; it does not exist for others."""
    outside = dict.fromkeys(["stranger", "nobody", "former"], 404)

    def all_kwargs(scene):
        return {"slug": scene.convention.slug, **(kwargs(scene) if kwargs else {})}

    return Route({"anonymous": LOGIN, **outside, "reader": status, **others}, all_kwargs, method)


def hosting(kwargs=None, method="post"):
    """What the host does; it does not exist for others."""
    return Route({"anonymous": LOGIN, "reader": 404}, kwargs or (lambda scene: {}), method)


def prepared(method="get", **others):
    """A page of a convention that is being set up; it does not exist for others."""
    return Route({"anonymous": LOGIN, "reader": 404}, lambda scene: {"pk": 1, **others}, method)


def access(scene):
    return {"pk": scene.membership.pk}


def organisation(scene):
    return {"pk": scene.membership.organisation.pk}


def contact(scene):
    return {"pk": scene.contact.pk}


# Who is of another organisation than the access.
ELSEWHERE = {"adviser": 404, "advisory": 404, "other_contributor": 404}

ROUTES = {
    "health": public(),
    "watch": public(500),
    "robots": public(),
    "legal_notice": public(),
    "privacy": public(),
    "accessibility": public(),
    "help:contents": personal(),
    "help:glossary": public(),
    "help:public": public(),
    "help:secret": public(),
    "help:page": Route({"anonymous": LOGIN, "reader": 200}, lambda scene: {"name": "pilote"}),
    "typed": personal(),
    "typed_standing": public(),
    "logged_in_again": personal(),
    "not_mine": personal(),
    # The account: allauth's own pages send who is logged in to the first page.
    "account_login": public(302, anonymous=200),
    "account_request_login_code": public(302, anonymous=200),
    "account_confirm_login_code": public(302),
    "account_logout": public(200, anonymous=302),
    "account_signup": public(302, anonymous=200),
    "account_inactive": public(),
    "account_reset_password": public(),
    "account_reset_password_done": public(),
    "account_reset_password_from_key": Route(
        {"reader": 200}, lambda scene: {"uidb36": "1", "key": "abc-def"}
    ),
    "account_reset_password_from_key_done": public(),
    "account_confirm_email": Route({"reader": 200}, lambda scene: {"key": "inconnue"}),
    "account_email_verification_sent": public(),
    "mfa_authenticate": public(302),
    "profile": personal(),
    "delete_account": personal(),
    "my_data": personal(),
    "account_reauthenticate": personal(),
    "mfa_reauthenticate": personal(302),
    "account_email": personal(),
    "account_change_password": personal(),
    "account_set_password": personal(302),
    "mfa_index": personal(),
    "mfa_activate_totp": personal(302),
    "mfa_deactivate_totp": personal(404),
    "mfa_view_recovery_codes": personal(404),
    "mfa_generate_recovery_codes": personal(302),
    "mfa_download_recovery_codes": personal(404),
    # Conventions
    "conventions:home": personal(302),
    "conventions:list": personal(),
    "conventions:search_across": personal(),
    "conventions:invitation": Route({"reader": 200}, lambda scene: {"token": scene.token}),
    "conventions:designation": Route(
        {"reader": 200}, lambda scene: {"token": f"designation-{scene.token}"}
    ),
    # The host's own; who hosts is nobody of this table.
    "conventions:referents": personal(404),
    "conventions:send_designations": hosting(),
    "conventions:send_designation": hosting(organisation),
    "conventions:confirm_address": hosting(organisation),
    "conventions:correct_address": hosting(organisation, method="get"),
    "conventions:designate": hosting(organisation, method="get"),
    # Who prepares a convention; nobody of this table does.
    "conventions:projects": personal(403),
    "conventions:start_project": Route({"anonymous": LOGIN, "reader": 302}, method="post"),
    **{
        f"conventions:{name}": prepared()
        for name in (
            "project_territory",
            "project_parties",
            "add_project_party",
            "project_frame",
            "project_outline",
            "project_articles",
            "project_people",
            "project_review",
            "project_manage",
        )
    },
    "conventions:project_party": prepared(number=1),
    "conventions:project_logo": prepared(logo=1),
    "conventions:delete_project": prepared(method="post"),
    "conventions:stop_sharing_project": prepared(method="post", user=1),
    "conventions:hand_on_project": prepared(method="post", user=1),
    "conventions:dashboard": of_convention(),
    "conventions:text": of_convention(),
    "conventions:axes": of_convention(),
    "conventions:parties": of_convention(),
    "conventions:logo": of_convention(lambda scene: {"pk": scene.logo_party.pk}),
    "conventions:address": of_convention(
        lambda scene: {"pk": scene.membership.organisation_id}, status=403
    ),
    "conventions:secrecy": of_convention(
        lambda scene: {"pk": scene.membership.organisation_id}, status=403
    ),
    "conventions:settings": of_convention(status=403, coordinator=200),
    **{
        f"conventions:set_{name}": of_convention(status=403, coordinator=200)
        for name in ("contact", "words", "notice")
    },
    "conventions:set_party": of_convention(
        lambda scene: {"pk": scene.logo_party.organisation_id}, status=403, coordinator=200
    ),
    "conventions:undo_setting": of_convention(
        lambda scene: {"pk": scene.setting_change.pk}, status=403, method="post", coordinator=302
    ),
    "conventions:cooperation": of_convention(),
    "conventions:territory": of_convention(),
    "conventions:communes_file": of_convention(lambda scene: {"extension": "csv"}),
    "conventions:commune": of_convention(lambda scene: {"insee": scene.commune.insee_code}),
    "conventions:search": of_convention(),
    "conventions:access": of_convention(status=403, coordinator=200),
    # It exists for the coordination alone.
    "conventions:archive": of_convention(status=404, coordinator=200),
    "conventions:file": of_convention(status=403, coordinator=200),
    "conventions:access_file": of_convention(
        lambda scene: {"extension": "csv"}, status=403, coordinator=200
    ),
    "conventions:directory": of_convention(status=403, coordinator=200),
    "conventions:directory_file": of_convention(
        lambda scene: {"extension": "csv"}, status=403, coordinator=200
    ),
    "conventions:add_organisation": of_convention(status=403, coordinator=200),
    "conventions:import_organisations": of_convention(status=403, coordinator=200),
    "conventions:correct_organisation": of_convention(organisation, status=403, coordinator=200),
    "conventions:add_contact": of_convention(organisation, status=403, coordinator=200),
    "conventions:correct_contact": of_convention(contact, status=403, coordinator=200),
    "conventions:my_access": of_convention(),
    # An access: its holder, who has access for the same organisation, the coordinator.
    "conventions:one_access": of_convention(access, **ELSEWHERE),
    "conventions:confirm_access": of_convention(access, **ELSEWHERE),
    "conventions:suspend_access": of_convention(access, **ELSEWHERE),
    # Links of earlier messages.
    "conventions:object_to_access": of_convention(access, status=301, **ELSEWHERE),
    "conventions:hand_over": of_convention(access, status=301, **ELSEWHERE),
    "conventions:end_membership": of_convention(
        lambda scene: {"pk": scene.membership.pk}, status=404, contributor=200, coordinator=200
    ),
    "conventions:renew_offer": of_convention(
        lambda scene: {"pk": scene.offer.pk}, status=403, method="post", coordinator=302
    ),
    "conventions:revoke_offer": of_convention(
        lambda scene: {"pk": scene.offer.pk}, status=403, method="post", coordinator=302
    ),
}
