"""The account's pages: allauth's views under French addresses, and ours."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from django.urls import path, re_path

from accounts import views
from accounts.identity import identity_required, reauthenticate

urlpatterns = [
    path("connexion/", account.login, name="account_login"),
    path("connexion/code/", account.request_login_code, name="account_request_login_code"),
    path(
        "connexion/code/confirmer/",
        views.ConfirmLoginCode.as_view(),
        name="account_confirm_login_code",
    ),
    path("connexion/verification/", mfa.authenticate, name="mfa_authenticate"),
    path("deconnexion/", account.logout, name="account_logout"),
    path("inscription/", account.signup, name="account_signup"),
    path("compte/", views.profile, name="profile"),
    path("compte/mes-donnees/", views.my_data, name="my_data"),
    path("compte/supprimer/", views.delete_account, name="delete_account"),
    path("compte/inactif/", account.account_inactive, name="account_inactive"),
    path("compte/confirmer-identite/", reauthenticate, name="account_reauthenticate"),
    path("compte/confirmer-identite/code/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("compte/adresse/", identity_required("POST")(account.email), name="account_email"),
    path(
        "compte/adresse/a-confirmer/",
        account.email_verification_sent,
        name="account_email_verification_sent",
    ),
    re_path(
        r"^compte/adresse/confirmer/(?P<key>[-:\w]+)/$",
        account.confirm_email,
        name="account_confirm_email",
    ),
    path("compte/mot-de-passe/", account.password_change, name="account_change_password"),
    path(
        "compte/mot-de-passe/choisir/",
        identity_required("GET", "POST", keep_form=False)(account.password_set),
        name="account_set_password",
    ),
    path("mot-de-passe-oublie/", account.password_reset, name="account_reset_password"),
    path(
        "mot-de-passe-oublie/envoye/",
        account.password_reset_done,
        name="account_reset_password_done",
    ),
    re_path(
        r"^mot-de-passe-oublie/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "mot-de-passe-oublie/change/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("compte/double-verification/", mfa.index, name="mfa_index"),
    path(
        "compte/double-verification/activer/",
        identity_required("GET", "POST")(totp.activate_totp),
        name="mfa_activate_totp",
    ),
    path(
        "compte/double-verification/desactiver/", totp.deactivate_totp, name="mfa_deactivate_totp"
    ),
    path(
        "compte/codes-de-secours/",
        recovery_codes.view_recovery_codes,
        name="mfa_view_recovery_codes",
    ),
    path(
        "compte/codes-de-secours/nouveaux/",
        recovery_codes.generate_recovery_codes,
        name="mfa_generate_recovery_codes",
    ),
    path(
        "compte/codes-de-secours/telecharger/",
        views.RecoveryCodesFileView.as_view(),
        name="mfa_download_recovery_codes",
    ),
]
