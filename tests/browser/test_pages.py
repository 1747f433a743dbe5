"""Every page on a telephone: no accessibility violation, nothing wider than the screen, one filled
button at most on the first screen, no error, not too many screens, no rule of a sheet that is not
loaded. On main pages nothing is cut on a tablet, on the smallest screen, nor when text is twice as
large. On all widths, all of that of every page with ``make test-all`` alone.

With ``--screenshots FOLDER`` each page is also kept as a picture (``make screenshots``).
"""

from math import ceil
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import User
from actions.models import Action, ActionDocument
from agreements.models import Agreement, ConfirmationWay, Seat, Version
from committee.models import Dossier
from conventions.models import Convention, Objective, Organisation, Origin, Theme
from documents.drawing.events import request_drawing
from documents.drawing.kinds import kind_of
from documents.models import Drawing
from evaluation.models import Illustration, TextComment
from indicators.models import Campaign, CampaignIndicator, Indicator, Release, Value
from indicators.values.links.events import send_link
from indicators.values.links.tokens import address_of
from spreadsheets.importing.events import bring
from spreadsheets.models import Import
from tests.browser.accessibility import faults
from tests.browser.conftest import NARROW, WIDE
from tests.browser.heights import CAME_FOR, LISTS, MAIN_JOBS, YEARS, too_high
from tests.browser.sizes import BETWEEN, MAIN, crowded, cut
from tests.browser.styles import missed_rules
from tests.spreadsheets.files import xlsx

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

REAL = "/conventions/grand-chatellerault/"
FICTIONAL = "/conventions/val-de-claise-fictif/"

COMMITTEE = REAL + "comite/"
PLAN = REAL + "plan-d-actions/"
EVALUATIONS = REAL + "evaluations/"

# Name of the picture, address (with its {place}, see ``places``), account (None: logged out).
PAGES = [
    ("connexion", "/connexion/", None),
    ("connexion-code", "/connexion/code/", None),
    ("mot-de-passe-oublie", "/mot-de-passe-oublie/", None),
    ("inscription-fermee", "/inscription/", None),
    ("mentions-legales", "/mentions-legales/", None),
    ("donnees-personnelles", "/donnees-personnelles/", None),
    ("accessibilite", "/accessibilite/", None),
    ("introuvable", "/nulle-part/", "lecture"),
    ("mes-conventions", "/conventions/", "coordination"),
    ("compte", "/compte/", "coordination"),
    ("compte-supprimer", "/compte/supprimer/", "lecture"),
    ("mes-donnees", "/compte/mes-donnees/", "lecture"),
    ("saisies-gardees", "/saisies-gardees/", "lecture"),
    ("autre-compte", "/saisies-gardees/autre-compte/", "lecture"),
    ("compte-adresse", "/compte/adresse/", "lecture"),
    ("compte-mot-de-passe", "/compte/mot-de-passe/", "lecture"),
    ("double-verification", "/compte/double-verification/", "lecture"),
    ("tableau-de-bord", REAL, "coordination"),
    ("tableau-de-bord-lecture", REAL, "lecture"),
    ("texte", REAL + "texte/", "copil-caf"),
    ("axes", REAL + "axes/", "copil-caf"),
    ("signataires", REAL + "signataires/", "copil-caf"),
    ("cooperation", REAL + "cooperation/", "copil-caf"),
    ("territoire", REAL + "territoire/", "copil-agglo"),
    ("territoire-filtre", REAL + "territoire/?nom=saint&cej=2020-12-31", "copil-agglo"),
    ("territoire-vide", REAL + "territoire/?nom=zzz", "copil-agglo"),
    ("commune", REAL + "territoire/86066/", "copil-agglo"),
    ("commune-nommee", REAL + "territoire/86193/", "copil-agglo"),
    ("recherche", REAL + "recherche/?q=ecole", "agent-caf"),
    ("recherche-resultats", REAL + "recherche/?q=acces+droits", "agent-caf"),
    ("recherche-code", REAL + "recherche/?q=action+2-1-3", "copil-caf"),
    ("recherche-une-nature", REAL + "recherche/?q=accueil&dans=objectifs", "copil-caf"),
    ("recherche-vide", REAL + "recherche/?q=crehce+introuvable", "copil-caf"),
    ("recherche-partout", "/recherche/?q=relais", "coordination"),
    ("aide", "/aide/?retour=" + REAL, "copil-caf"),
    ("aide-membre", "/aide/membre-du-comite/?retour=" + REAL, "copil-caf"),
    ("aide-exploitant", "/aide/exploitant/", "coordination"),
    ("aide-se-connecter", "/aide/se-connecter/", None),
    ("glossaire", "/aide/glossaire/", None),
    ("acces", REAL + "acces/", "coordination"),
    ("mon-acces", REAL + "acces/moi/", "agent-caf"),
    ("acces-refuse", REAL + "acces/", "lecture"),
    ("tableau-de-bord-caf", REAL, "copil-caf"),
    ("tableau-de-bord-agent", REAL, "agent-caf"),
    ("tableau-de-bord-instruction", REAL, "adviser-caf"),
    ("tableau-de-bord-agglo", REAL, "copil-agglo"),
    ("tableau-de-bord-agent-agglo", REAL, "agent-agglo"),
    ("tableau-de-bord-ressource", REAL, "ressource"),
    ("tableau-de-bord-nouveau", FICTIONAL, "etranger"),
    ("points-caf", COMMITTEE, "copil-caf"),
    ("points-agglo", COMMITTEE, "copil-agglo"),
    ("points-coordination", COMMITTEE, "coordination"),
    ("points-lecture", COMMITTEE, "lecture"),
    ("point", COMMITTEE + "points/{point}/", "copil-caf"),
    ("point-dementi", COMMITTEE + "points/{refused}/", "coordination"),
    ("point-signe", COMMITTEE + "points/{signed}/", "lecture"),
    ("point-repondre", COMMITTEE + "points/{point}/repondre/?reponse=modification", "copil-caf"),
    ("point-reponses", COMMITTEE + "points/{point}/repondre/", "copil-caf"),
    ("recapitulatif", COMMITTEE + "mes-reponses/", "copil-caf"),
    ("reponses-envoyees", COMMITTEE + "mes-reponses/envoyees/", "copil-caf"),
    ("point-avis", COMMITTEE + "points/{point}/avis/", "adviser-caf"),
    ("point-recueilli", COMMITTEE + "points/{point}/accord-recueilli/", "coordination"),
    ("point-retirer-accord", COMMITTEE + "points/{in_force}/retirer-l-accord/", "copil-caf"),
    ("dossiers", COMMITTEE + "dossiers/", "copil-caf"),
    ("dossier", COMMITTEE + "dossiers/{dossier}/", "copil-caf"),
    ("dossier-nouveau", COMMITTEE + "dossiers/nouveau/", "coordination"),
    ("registre", COMMITTEE + "registre/", "copil-caf"),
    ("registre-coordination", COMMITTEE + "registre/", "coordination"),
    ("registre-reponse", COMMITTEE + "registre/{recorded}/", "copil-caf"),
    ("reponse-confirmer", COMMITTEE + "reponses/{to_confirm}/confirmer/", "copil-caf"),
    ("reponse-dementir", COMMITTEE + "reponses/{to_confirm}/pas-notre-reponse/", "copil-caf"),
    ("composition", COMMITTEE + "composition/", "coordination"),
    ("composition-lecture", COMMITTEE + "composition/", "lecture"),
    ("composition-historique", COMMITTEE + "composition/historique/", "coordination"),
    ("siege-nommer", COMMITTEE + "composition/nommer/{agglomeration}/", "coordination"),
    ("siege-suspendre", COMMITTEE + "composition/sieges/{seat}/suspendre/", "coordination"),
    ("siege-terminer", COMMITTEE + "composition/sieges/{seat}/terminer/", "copil-caf"),
    ("qui-engage", COMMITTEE + "composition/qui-engage/{agglomeration}/", "lecture"),
    ("siege-absence", COMMITTEE + "composition/sieges/{seat}/absence/", "copil-caf"),
    ("siege-delegation", COMMITTEE + "composition/sieges/{seat}/delegation/", "copil-caf"),
    ("elections", COMMITTEE + "composition/elections/{agglomeration}/", "agent-agglo"),
    ("elections-suspendre", COMMITTEE + "composition/elections/{agglomeration}/suspendre/",
     "coordination"),
    ("signature", COMMITTEE + "signature/", "lecture"),
    ("objectif-nouveau", COMMITTEE + "objectifs/nouveau/?orientation={orientation}",
     "coordination"),
    ("objectif-modifier", COMMITTEE + "objectifs/{objective}/modifier/", "coordination"),
    ("objectif-signe", COMMITTEE + "objectifs/{orientation}/modifier/", "copil-caf"),
    ("enjeu-nouveau", COMMITTEE + "enjeux-partages/nouveau/", "copil-caf"),
    ("enjeu-modifier", COMMITTEE + "enjeux-partages/{stake}/modifier/", "coordination"),
    ("enjeu-retirer", COMMITTEE + "enjeux-partages/{stake}/retirer/", "coordination"),
    ("objectif-retirer", COMMITTEE + "objectifs/{objective}/retirer/", "coordination"),
    ("brouillon", COMMITTEE + "brouillons/{draft}/", "coordination"),
    ("avenants", COMMITTEE + "avenant/", "copil-caf"),
    ("avenant-proposer", COMMITTEE + "avenant/proposer/objective/{orientation}/", "copil-agglo"),
    ("plan-importer", PLAN + "importer/", "coordination"),
    ("plan", PLAN, "copil-caf"),
    ("plan-coordination", PLAN, "coordination"),
    ("document-a-preparer", PLAN + "export/pdf/", "lecture"),
    ("document-en-preparation", "/documents/{drawing}/", "lecture"),
    ("plan-filtre", PLAN + "?retard=on&tri=echeance", "lecture"),
    ("plan-discute", PLAN + "?accord=en-discussion", "copil-caf"),
    ("plan-vide", PLAN + "?mots=zzz", "lecture"),
    ("plan-calendrier", PLAN + "calendrier/", "copil-caf"),
    ("plan-etats", PLAN + "etats/", "copil-caf"),
    ("plan-objectifs", PLAN + "objectifs/", "coordination"),
    ("plan-communes", PLAN + "communes/", "copil-agglo"),
    ("plan-budget", PLAN + "budget/", "copil-caf"),
    ("plan-budget-coordination", PLAN + "budget/", "coordination"),
    ("mes-actions", PLAN + "mes-actions/", "agent-agglo"),
    ("suivi-annee", PLAN + "suivi/", "coordination"),
    ("suivi-annee-pilote", PLAN + "suivi/?annee=2023&etat=en-cours", "agent-agglo"),
    ("organismes", REAL + "organismes/", "coordination"),
    ("organisme-ajouter", REAL + "organismes/ajouter/", "coordination"),
    ("organismes-fichier", REAL + "organismes/importer/", "coordination"),
    ("reglages", REAL + "reglages/", "coordination"),
    ("reglages-mots", REAL + "reglages/mots/", "coordination"),
    ("reglages-partie", REAL + "reglages/parties/{agglomeration}/", "coordination"),
    ("fiches-a-reprendre", PLAN + "reprendre/", "coordination"),
    ("mes-actions-lecture", PLAN + "mes-actions/", "lecture"),
    ("action", PLAN + "{action}/", "copil-caf"),
    ("action-coordination", PLAN + "{action}/", "coordination"),
    ("action-bloquee", PLAN + "{blocked}/", "lecture"),
    ("action-discutee", PLAN + "{rewritten}/", "copil-agglo"),
    ("action-proposee", PLAN + "{proposed}/", "copil-caf"),
    ("action-brouillon", PLAN + "{unproposed}/", "coordination"),
    ("action-historique", PLAN + "{action}/historique/", "lecture"),
    ("action-nouvelle", PLAN + "nouvelle/?objectif={orientation}", "coordination"),
    ("action-nouvelle-lecture", PLAN + "nouvelle/", "lecture"),
    ("action-modifier", PLAN + "{action}/modifier/", "coordination"),
    ("action-essentiel", PLAN + "{action}/modifier/essentiel/", "coordination"),
    ("action-contenu", PLAN + "{action}/modifier/contenu/", "coordination"),
    ("action-acteurs", PLAN + "{action}/modifier/acteurs/", "coordination"),
    ("action-calendrier", PLAN + "{action}/modifier/calendrier/", "coordination"),
    ("action-moyens", PLAN + "{action}/modifier/moyens/", "coordination"),
    ("action-retirer", PLAN + "{action}/retirer/", "coordination"),
    ("suivi-etat", PLAN + "{action}/suivi/etat/", "coordination"),
    ("suivi-jalons", PLAN + "{action}/suivi/jalons/", "coordination"),
    ("suivi-depenses", PLAN + "{action}/suivi/depenses/", "coordination"),
    ("suivi-liens", PLAN + "{action}/suivi/liens/", "coordination"),
    ("suivi-bilan", PLAN + "{action}/suivi/bilan-2024/", "coordination"),
    ("suivi-lecture", PLAN + "{action}/suivi/etat/", "lecture"),
    ("document-ajouter", PLAN + "{action}/documents/ajouter/", "coordination"),
    ("document-retirer", PLAN + "{action}/documents/{document}/retirer/", "coordination"),
    ("indicateurs", REAL + "indicateurs/", "copil-caf"),
    ("indicateurs-coordination", REAL + "indicateurs/", "coordination"),
    ("indicateurs-filtre", REAL + "indicateurs/?mots=places", "lecture"),
    ("indicateur", REAL + "indicateurs/{indicator}/", "copil-caf"),
    ("indicateur-rupture", REAL + "indicateurs/{redefined}/", "coordination"),
    ("indicateur-communes", REAL + "indicateurs/{by_commune}/?commune=saint", "copil-caf"),
    ("se-comparer", REAL + "indicateurs/comparaison/", "coordination"),
    ("indicateur-brouillon", REAL + "indicateurs/{drafted}/", "coordination"),
    ("indicateur-nouveau", REAL + "indicateurs/nouveau/?modele=PE-05", "coordination"),
    ("indicateur-modifier", REAL + "indicateurs/{indicator}/modifier/", "coordination"),
    ("indicateur-retirer", REAL + "indicateurs/{indicator}/retirer/", "coordination"),
    ("indicateur-pour-la-bibliotheque", REAL + "indicateurs/{own}/bibliotheque/",
     "coordination"),
    ("bibliotheque", REAL + "indicateurs/bibliotheque/", "coordination"),
    ("archive", REAL + "archive/", "coordination"),
    ("evaluations", EVALUATIONS, "coordination"),
    ("statistiques", EVALUATIONS + "statistiques/", "coordination"),
    ("statistiques-deposer", EVALUATIONS + "statistiques/deposer/", "coordination"),
    ("statistiques-edition", EVALUATIONS + "statistiques/{release}/", "coordination"),
    ("statistiques-reprises", EVALUATIONS + "2024/statistiques/", "agent-caf"),
    ("statistiques-contester", EVALUATIONS + "2024/saisie/contester/{published}/", "agent-caf"),
    ("recueil-preparer", EVALUATIONS + "preparer/", "coordination"),
    ("recueil", EVALUATIONS + "2024/recueil/", "coordination"),
    ("recueil-lecture", EVALUATIONS + "2024/recueil/", "lecture"),
    ("recueil-clore", EVALUATIONS + "2024/recueil/clore/", "coordination"),
    ("recueil-rouvrir", EVALUATIONS + "2023/recueil/rouvrir/", "coordination"),
    ("recueil-modifier", EVALUATIONS + "2024/recueil/modifier/", "coordination"),
    ("recueil-relancer", EVALUATIONS + "2024/recueil/relancer/", "coordination"),
    ("recueil-relancer-un", EVALUATIONS + "2024/recueil/relancer/{caf}/", "coordination"),
    ("recueil-echeance", EVALUATIONS + "2024/recueil/echeance/{caf}/", "coordination"),
    ("saisie", EVALUATIONS + "2024/saisie/", "agent-caf"),
    ("saisie-agglo", EVALUATIONS + "2024/saisie/", "agent-agglo"),
    ("saisie-close", EVALUATIONS + "2023/saisie/", "agent-caf"),
    ("saisie-lecture", EVALUATIONS + "2024/saisie/", "lecture"),
    ("saisie-fichier", EVALUATIONS + "2024/saisie/fichier/", "agent-caf"),
    ("annees-passees", EVALUATIONS + "reprendre/", "coordination"),
    ("saisie-grille", EVALUATIONS + "2024/saisie/grille/", "agent-caf"),
    ("saisie-coller", EVALUATIONS + "2024/saisie/coller/", "agent-caf"),
    ("saisie-communes", EVALUATIONS + "2024/saisie/{table}/communes/", "agent-caf"),
    ("saisie-communes-coller", EVALUATIONS + "2024/saisie/{table}/communes/coller/", "agent-caf"),
    ("saisie-territoire", EVALUATIONS + "2024/saisie/{table}/communes/territoire/", "agent-caf"),
    ("liens-de-saisie", EVALUATIONS + "2024/liens/", "coordination"),
    ("lien-envoyer", EVALUATIONS + "2024/liens/{caf}/envoyer/", "coordination"),
    ("lien-ouvrir", "{entry_link}", None),
    ("lien-quitte", "/saisie-par-lien/quittee/", None),
    ("import", "/imports/{import}/", "agent-caf"),
    ("saisie-transmettre", EVALUATIONS + "2024/saisie/transmettre/", "agent-caf"),
    ("saisie-verification", EVALUATIONS + "2024/saisie/verification/", "agent-caf-2"),
    ("valeur", EVALUATIONS + "2024/saisie/{returned}/", "agent-caf"),
    ("valeur-lecture", EVALUATIONS + "2024/saisie/{returned}/", "lecture"),
    ("valeur-retourner", EVALUATIONS + "2024/saisie/{submitted}/retourner/", "agent-caf-2"),
    ("valeur-joindre", EVALUATIONS + "2024/saisie/{returned}/joindre/", "agent-caf"),
    ("annee", EVALUATIONS + "2023/", "copil-caf"),
    ("annee-communes", EVALUATIONS + "2023/?carte={by_commune}", "copil-caf"),
    ("annee-coordination", EVALUATIONS + "2023/", "coordination"),
    ("annee-ouverte", EVALUATIONS + "2024/", "coordination"),
    ("annee-completer", EVALUATIONS + "2024/completer/", "coordination"),
    ("texte-de-thematique", EVALUATIONS + "2023/textes/{theme}/", "coordination"),
    ("texte-d-annee", EVALUATIONS + "2023/textes/introduction/", "coordination"),
    ("rapport", EVALUATIONS + "2023/rapport/", "coordination"),
    ("rapport-lecture", EVALUATIONS + "2023/rapport/", "lecture"),
    ("composer", EVALUATIONS + "2024/rapport/composer/", "coordination"),
    ("reussites", EVALUATIONS + "2023/rapport/reussites/", "coordination"),
    ("appreciations", EVALUATIONS + "2024/objectifs/", "coordination"),
    ("apprecier-enjeux", EVALUATIONS + "2023/enjeux-partages/", "coordination"),
    ("postes", EVALUATIONS + "2023/postes/", "coordination"),
    ("postes-final", EVALUATIONS + "finale/postes/", "coordination"),
    ("postes-a-renseigner", EVALUATIONS + "2024/postes/", "coordination"),
    ("apprecier", EVALUATIONS + "2023/objectifs/{theme}/", "coordination"),
    ("texte-precedents", EVALUATIONS + "2023/textes/introduction/historique/", "coordination"),
    ("image-ajouter", EVALUATIONS + "2023/textes/introduction/images/", "coordination"),
    ("image", EVALUATIONS + "2022/textes/{theme}/images/{image}/", "coordination"),
    ("annee-image", EVALUATIONS + "2022/?theme={theme}", "lecture"),
    ("commentaires", EVALUATIONS + "2024/textes/{commented}/commentaires/", "copil-caf"),
    ("commentaire-modifier", EVALUATIONS + "commentaires/{remark}/modifier/", "copil-caf"),
    ("commentaire-textes", EVALUATIONS + "commentaires/{remark}/", "coordination"),
    ("publication", EVALUATIONS + "2023/publication/", "coordination"),
    ("publication-accord", EVALUATIONS + "2023/publication/", "copil-agglo"),
    ("publication-publiee", EVALUATIONS + "2021/publication/", "lecture"),
    ("soumettre", EVALUATIONS + "2023/publication/soumettre/", "coordination"),
    ("valider", EVALUATIONS + "2023/publication/valider/", "copil-caf"),
    ("verifier", EVALUATIONS + "verifier/", "lecture"),
    ("ouverture", EVALUATIONS + "ouverture/", "coordination"),
    ("finale", EVALUATIONS + "finale/", "coordination"),
    ("finale-lecture", EVALUATIONS + "finale/", "lecture"),
    ("finale-critere", EVALUATIONS + "finale/criteres/efficacite/", "coordination"),
    ("finale-suite", EVALUATIONS + "finale/textes/prochaine-convention/", "coordination"),
    ("finale-apprecier", EVALUATIONS + "finale/objectifs/{theme}/", "coordination"),
    ("finale-publication", EVALUATIONS + "finale/publication/", "coordination"),
    ("ouvert", "/ouvert/grand-chatellerault/", None),
    ("ouvert-annee", "/ouvert/grand-chatellerault/2022/", None),
    ("ouvert-ancienne", "/ouvert/grand-chatellerault/2021/v1/", None),
    ("ouvert-commune", "/ouvert/grand-chatellerault/2022/?commune=Pleumartin", None),
    ("ouvert-conventions", "/ouvert/", None),
    ("autre-plan", FICTIONAL + "plan-d-actions/", "etranger"),
    ("autre-plan-objectifs", FICTIONAL + "plan-d-actions/objectifs/", "etranger"),
    ("autre-indicateurs", FICTIONAL + "indicateurs/", "etranger"),
    ("autre-evaluations", FICTIONAL + "evaluations/", "etranger"),
    ("autre-texte", FICTIONAL + "texte/", "etranger"),
    ("autre-axes", FICTIONAL + "axes/", "etranger"),
    ("autre-signataires", FICTIONAL + "signataires/", "etranger"),
    ("autre-territoire", FICTIONAL + "territoire/", "etranger"),
]  # fmt: skip

# Pages whose very subject is a refusal.
REFUSED = {"introuvable": 404, "acces-refuse": 403}


def places() -> dict[str, int]:
    """Where the demonstration's rows are, by the names that addresses give them."""
    convention = Convention.objects.get(slug="grand-chatellerault")
    versions = Version.objects.of(convention)
    committee = versions.from_committee().filter(kind="objective")
    in_force = committee.in_force().filter(number=2).get()
    refused = Agreement.objects.filter(confirmation__way=ConfirmationWay.REFUSED).get()
    return {
        "point": committee.proposed().filter(number=2).get().pk,
        "refused": refused.version_id,
        "signed": versions.signed().in_force().filter(kind="article", number=1).first().pk,
        "in_force": in_force.pk,
        "objective": in_force.object_id,
        "draft": committee.drafts().get().pk,
        "stake": convention.stakes.agreed().first().pk,
        "dossier": Dossier.objects.get().pk,
        "recorded": Agreement.objects.recorded().first().pk,
        "to_confirm": Agreement.objects.to_confirm().get().pk,
        "seat": Seat.objects.get(user__email="copil-caf@demo.example").pk,
        "agglomeration": Organisation.objects.get(acronym="Grand Châtellerault").pk,
        "orientation": Objective.objects.filter(
            origin=Origin.SIGNATURE, parent=None, theme__number="4.4"
        ).first().pk,
        "drawing": a_drawing(convention).pk,
    } | actions_places(convention) | evaluation_places(convention)  # fmt: skip


def a_drawing(convention) -> Drawing:
    """The plan, asked for by a reader."""
    kind, user = kind_of("actions.plan"), User.objects.get(email="lecture@demo.example")
    asked_for = (str(convention.pk), {"extension": "pdf", "query": ""})
    drawing, _ = request_drawing(kind, *asked_for, kind.ask(*asked_for, user), by=user)
    return drawing


def actions_places(convention) -> dict[str, int]:
    actions = Action.objects.of(convention)
    document = ActionDocument.objects.get()
    discussed = Version.objects.about_rows(actions.agreed()).proposed()
    return {
        "action": document.action_id,
        "document": document.pk,
        "blocked": actions.agreed().filter(state="blocked").first().pk,
        "rewritten": discussed.first().object_id,
        "proposed": actions.filter(standing="proposed").first().pk,
        "unproposed": actions.get(standing="draft").pk,
    }


def evaluation_places(convention) -> dict[str, int]:
    indicators = dict(Indicator.objects.of(convention).values_list("code", "pk"))
    values = Value.objects.of(convention).filter(campaign_indicator__campaign__year=2024)
    # One that the territory has written itself.
    Indicator.objects.filter(pk=indicators["LO-08"]).update(library_code="")
    return {
        "indicator": indicators["PE-02"],
        "own": indicators["LO-08"],
        "by_commune": indicators["COM-01"],
        "redefined": indicators["EN-01"],
        "caf": Organisation.objects.get(convention=convention, acronym="CAF 86").pk,
        "drafted": indicators["EN-06"],
        "table": CampaignIndicator.objects.for_year(convention, 2024)
        .by_commune()
        .get(indicator__code="COM-04")
        .pk,
        "returned": values.get(state="returned").campaign_indicator_id,
        "submitted": values.get(campaign_indicator__indicator__code="PE-01").campaign_indicator_id,
        "release": Release.objects.get(source="cnaf_allocataires", year=2024).pk,
        "published": values.submitted().exclude(release=None).first().pk,
        "theme": Theme.objects.get(axis__convention=convention, number="4.1").pk,
        "image": Illustration.objects.get().pk,
        "commented": TextComment.objects.first().theme_id,
        "import": brought_file().pk,
        "entry_link": an_entry_link(convention),
        "remark": TextComment.objects.open().get().pk,
    }


def an_entry_link(convention) -> str:
    """The address by which an organisation gives its figures."""
    campaign = Campaign.objects.get(convention=convention, year=2024)
    caf = Organisation.objects.get(convention=convention, acronym="CAF 86")
    Organisation.objects.filter(pk=caf.pk).update(email="contact@caf.example")
    by = User.objects.get(email="coordination@demo.example")
    link = send_link(campaign, caf, address="contact@caf.example", by=by)
    return address_of(link).removeprefix(settings.SITE_URL)


def brought_file() -> Import:
    """A file of an agent with all that a preview may say."""
    rows = [["Indicateur", "2023", "2024", "N-1", "Humeur"], ["Foyers bénéficiaires du RSA", 1, 2],
            ["Places agréées en EAJE", 1, "env. 3"], ["Total", 1, 2]]  # fmt: skip
    upload = SimpleUploadedFile("suivi.xlsx", xlsx(*rows))
    by = User.objects.get(email="agent-caf@demo.example")
    return bring("indicators.values", "grand-chatellerault/2024", upload, by=by)


# Into how many tests the list goes, which two processes share.
PARTS = 3
# The filled buttons of the first screen, by what they say.
PRIMARY = """() => [...document.querySelectorAll(".btn-primary")].filter(
  (button) => button.checkVisibility() && button.getBoundingClientRect().top < innerHeight
).map((button) => button.textContent.trim())"""


@pytest.mark.long
@pytest.mark.parametrize("part", range(PARTS))
def test_each_page_is_sound_on_a_telephone(visit, request, part):
    """The pages are opened one after the other in one tab."""
    folder = request.config.getoption("--screenshots")
    complaints = []
    for name, address, visitor in opened(visit(size=NARROW), part):
        visitor.resize(NARROW)
        page_faults = (
            too_high(visitor.page, name) + out_of_bounds(visitor.page) + faults(visitor.page)
        )
        page_faults += missed_rules(visitor.page)
        complaints += [f"{address}: {fault}" for fault in page_faults]
        if folder:
            for size in (NARROW, WIDE):
                visitor.resize(size)
                picture(visitor.page, Path(folder, f"{name}-{size[0]}.png"))
        elif name in MAIN:
            complaints += [f"{address}, {fault}" for fault in crowded(visitor, BETWEEN[1:2])]
            complaints += [f"{address}, {fault}" for fault in cut(visitor)]
    assert not complaints, "\n\n".join(complaints)


@pytest.mark.long
@pytest.mark.explorer(
    stands_for="tests/browser/test_pages.py::test_each_page_is_sound_on_a_telephone"
)
@pytest.mark.parametrize("part", range(PARTS))
def test_each_page_is_sound_on_every_width(visit, part):
    """A page is fetched on a telephone, then widened, as by who turns it."""
    complaints = []
    for _name, address, visitor in opened(visit(size=NARROW), part):
        visitor.resize(WIDE)
        page_faults = (
            out_of_bounds(visitor.page) + faults(visitor.page) + missed_rules(visitor.page)
        )
        page_faults += crowded(visitor, BETWEEN) + cut(visitor)
        complaints += [f"{address}: {fault}" for fault in page_faults]
    assert not complaints, "\n\n".join(complaints)


def opened(visitor, part: int):
    """Give each page of a part of the list, once it is open on a telephone; those of an account
    together."""
    addresses = places()
    accounts = list(dict.fromkeys(account for *_, account in PAGES))
    pages = sorted(PAGES, key=lambda page: accounts.index(page[2]))
    size = ceil(len(pages) / PARTS)
    for name, address, account in pages[part * size : (part + 1) * size]:
        if account != visitor.account:
            visitor.log_in(account)
        visitor.resize(NARROW)
        answer = visitor.go(address.format(**addresses))
        assert answer.status == REFUSED.get(name, 200), f"{address}: {answer.status}"
        yield name, address, visitor


def picture(page, file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=file, full_page=True)


def test_heights_and_main_pages_are_those_of_the_list():
    assert {*MAIN_JOBS, *LISTS, *YEARS, *MAIN, *CAME_FOR} <= {name for name, *_ in PAGES}


def out_of_bounds(page) -> list[str]:
    complaints = []
    if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
        complaints.append("wider than the screen")
    if len(buttons := page.evaluate(PRIMARY)) > 1:
        complaints.append(f"several filled buttons: {buttons}")
    return complaints
