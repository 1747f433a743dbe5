"""Addresses of this chapter. Those that the README names stay stable."""

from django.urls import path

from conventions.access import views as access
from conventions.access import views_organisations as organisations
from conventions.archive import views as archive
from conventions.dashboard import views as dashboard
from conventions.directory import views as directory
from conventions.hosting import views as hosting
from conventions.search import views as search
from conventions.setting_up import views as setting_up
from conventions.settings import views as settings
from conventions.territory import views as territory
from conventions.text import views as text

app_name = "conventions"

convention = "conventions/<slug:slug>/"
accesses, bodies = f"{convention}acces/", f"{convention}organismes/"
communes, rules = f"{convention}territoire/", f"{convention}reglages/"
file, pk = "<str:extension>/", "<int:pk>/"
new = "conventions/nouvelle/"
project = f"{new}{pk}"

urlpatterns = [
    path("", dashboard.home, name="home"),
    path("conventions/", dashboard.ConventionListView.as_view(), name="list"),
    path("recherche/", search.AcrossView.as_view(), name="search_across"),
    path("invitation/<str:token>/", access.invitation, name="invitation"),
    path("designation/<str:token>/", hosting.designation, name="designation"),
    path("hebergeur/referents/", hosting.referents, name="referents"),
    path("hebergeur/referents/envoyer/", hosting.send_all, name="send_designations"),
    path(f"hebergeur/referents/{pk}envoyer/", hosting.send_link, name="send_designation"),
    path(f"hebergeur/referents/{pk}confirmer/", hosting.confirm, name="confirm_address"),
    path(f"hebergeur/referents/{pk}adresse/", hosting.correct, name="correct_address"),
    path(f"hebergeur/referents/{pk}lettre/", hosting.designate, name="designate"),
    path(new, setting_up.projects, name="projects"),
    path(f"{new}commencer/", setting_up.start, name="start_project"),
    path(f"{project}territoire/", setting_up.TerritoryStep.as_view(), name="project_territory"),
    path(f"{project}parties/", setting_up.PartiesStep.as_view(), name="project_parties"),
    path(f"{project}parties/ajouter/", setting_up.PartyPage.as_view(), name="add_project_party"),
    path(f"{project}parties/<int:number>/", setting_up.PartyPage.as_view(), name="project_party"),
    path(f"{project}cadre/", setting_up.FrameStep.as_view(), name="project_frame"),
    path(f"{project}axes/", setting_up.OutlineStep.as_view(), name="project_outline"),
    path(f"{project}articles/", setting_up.ArticlesStep.as_view(), name="project_articles"),
    path(f"{project}personnes/", setting_up.PeopleStep.as_view(), name="project_people"),
    path(f"{project}relire/", setting_up.ReviewStep.as_view(), name="project_review"),
    path(f"{project}logos/<int:logo>/", setting_up.logo, name="project_logo"),
    path(f"{project}gerer/", setting_up.ManagePage.as_view(), name="project_manage"),
    path(f"{project}supprimer/", setting_up.delete_project, name="delete_project"),
    path(f"{project}partage/<int:user>/retirer/", setting_up.stop_sharing_project,
         name="stop_sharing_project"),
    path(f"{project}partage/<int:user>/transmettre/", setting_up.hand_on_project,
         name="hand_on_project"),
    path(convention, dashboard.DashboardView.as_view(), name="dashboard"),
    path(f"{convention}texte/", text.FullTextView.as_view(), name="text"),
    path(f"{convention}axes/", text.AxesView.as_view(), name="axes"),
    path(f"{convention}signataires/", text.PartiesView.as_view(), name="parties"),
    path(f"{convention}signataires/{pk}logo/", text.logo, name="logo"),
    path(f"{convention}signataires/{pk}adresse/", organisations.address, name="address"),
    path(f"{convention}signataires/{pk}secret/", organisations.secrecy, name="secrecy"),
    path(bodies, directory.Directory.as_view(), name="directory"),
    path(f"{bodies}export/{file}", directory.DirectoryFile.as_view(), name="directory_file"),
    path(f"{bodies}ajouter/", directory.AddOrganisation.as_view(), name="add_organisation"),
    path(f"{bodies}importer/", directory.BringOrganisations.as_view(), name="import_organisations"),
    path(f"{bodies}{pk}", directory.CorrectOrganisation.as_view(), name="correct_organisation"),
    path(f"{bodies}{pk}personnes/", directory.AddContact.as_view(), name="add_contact"),
    path(f"{bodies}personnes/{pk}", directory.CorrectContact.as_view(), name="correct_contact"),
    path(rules, settings.Settings.as_view(), name="settings"),
    path(f"{rules}contact/", settings.SetContact.as_view(), name="set_contact"),
    path(f"{rules}mots/", settings.SetWords.as_view(), name="set_words"),
    path(f"{rules}preavis/", settings.SetNotice.as_view(), name="set_notice"),
    path(f"{rules}parties/{pk}", settings.SetParty.as_view(), name="set_party"),
    path(f"{rules}journal/{pk}annuler/", settings.undo, name="undo_setting"),
    path(f"{convention}cooperation/", text.CooperationView.as_view(), name="cooperation"),
    path(communes, territory.TerritoryView.as_view(), name="territory"),
    path(f"{communes}export/{file}", territory.CommunesFile.as_view(), name="communes_file"),
    path(f"{communes}<str:insee>/", territory.CommuneView.as_view(), name="commune"),
    path(f"{convention}recherche/", search.SearchView.as_view(), name="search"),
    path(accesses, access.access, name="access"),
    path(f"{accesses}export/{file}", access.AccessFile.as_view(), name="access_file"),
    path(f"{convention}archive/", archive.archive, name="archive"),
    path(f"{convention}fichier/", archive.convention_file, name="file"),
    path(f"{accesses}moi/", access.my_access, name="my_access"),
    path(f"{accesses}{pk}", access.one_access, name="one_access"),
    path(f"{accesses}{pk}confirmer/", access.confirm_access, name="confirm_access"),
    path(f"{accesses}{pk}suspendre/", access.suspend_access, name="suspend_access"),
    path(f"{accesses}{pk}terminer/", access.end_membership, name="end_membership"),
    # Addresses of earlier messages.
    path(f"{accesses}{pk}opposition/", access.moved, {"to": "conventions:suspend_access"},
         name="object_to_access"),
    path(f"{accesses}{pk}transmettre/", access.moved, {"to": "conventions:end_membership"},
         name="hand_over"),
    path(f"{convention}invitations/{pk}renouveler/", access.renew_offer, name="renew_offer"),
    path(f"{convention}invitations/{pk}annuler/", access.revoke_offer, name="revoke_offer"),
]  # fmt: skip
