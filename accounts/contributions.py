"""What the accounts bring to the house."""

from datetime import timedelta

from accounts.jobs import clear_sessions, forget_unanswered_invitations
from accounts.personal import KEPT_NAMES, PERSONAL
from ctg_portal.help.places import Place
from ctg_portal.house import Contributions, Job

contributions = Contributions(
    personal=PERSONAL,
    kept_names=KEPT_NAMES,
    jobs=[
        Job("accounts.clear_sessions", clear_sessions, every=timedelta(hours=6)),
        Job(
            "accounts.forget_unanswered_invitations",
            forget_unanswered_invitations,
            every=timedelta(hours=12),
        ),
    ],
    help=[
        Place(
            "account_login account_logout account_request_login_code account_confirm_login_code",
            "se-connecter#ensuite-mot-de-passe-ou-code",
        ),
        Place(
            "account_signup account_inactive account_reset_password account_reset_password_done "
            "account_reset_password_from_key account_reset_password_from_key_done "
            "mfa_authenticate",
            "se-connecter#je-n-arrive-pas-a-entrer",
        ),
        Place("profile account_reauthenticate mfa_reauthenticate", "se-connecter#votre-compte"),
        Place(
            "account_email account_confirm_email account_email_verification_sent",
            "se-connecter#changer-d-adresse",
        ),
        Place(
            "account_change_password account_set_password", "se-connecter#changer-de-mot-de-passe"
        ),
        Place(
            "mfa_index mfa_activate_totp mfa_deactivate_totp mfa_view_recovery_codes "
            "mfa_generate_recovery_codes mfa_download_recovery_codes",
            "se-connecter#activer-la-double-verification",
        ),
        Place("my_data", "se-connecter#recevoir-mes-donnees"),
        Place("delete_account", "se-connecter#supprimer-mon-compte"),
    ],
)
