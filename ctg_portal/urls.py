"""All addresses of the portal. The README says which ones stay stable."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path

from ctg_portal import views
from ctg_portal.hosting.health import HealthView, WatchView

admin.site.login = secure_admin_login(admin.site.login)

handler400 = "ctg_portal.views.bad_request"
handler403 = "ctg_portal.views.permission_denied"
handler404 = "ctg_portal.views.page_not_found"
handler429 = "accounts.views.too_many_requests"  # of allauth
handler500 = "ctg_portal.views.server_error"

urlpatterns = [
    path("sante/", login_not_required(HealthView.as_view()), name="health"),
    path("sante/surveillance/", login_not_required(WatchView.as_view()), name="watch"),
    path("robots.txt", views.robots, name="robots"),
    path("mentions-legales/", views.legal_notice, name="legal_notice"),
    path("donnees-personnelles/", views.privacy, name="privacy"),
    path("accessibilite/", views.accessibility, name="accessibility"),
    path("saisies-gardees/", views.typed_forms, name="typed"),
    path("saisies-gardees/etat/", views.typed_standing, name="typed_standing"),
    path("saisies-gardees/autre-compte/", views.not_mine, name="not_mine"),
    path("saisies-gardees/reconnexion/", views.logged_in_again, name="logged_in_again"),
    path("aide/", include("ctg_portal.help.urls")),
    path("administration/", admin.site.urls),
    path("", include("accounts.urls")),
    path("", include("documents.urls")),
    path("", include("spreadsheets.urls")),
    path("", include("conventions.urls")),
    path("", include("committee.urls")),
    path("", include("actions.urls")),
    path("", include("indicators.urls")),
    path("", include("evaluation.urls")),
]
