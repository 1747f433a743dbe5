"""What the indicators bring to the house."""

from datetime import timedelta

from ctg_portal.help.places import Gesture, Place
from ctg_portal.house import Contributions, DemoStep, Entry, Job
from indicators.archive import indicator_parts
from indicators.by_commune.elsewhere import commune_figures
from indicators.collection.agenda import figures_item
from indicators.collection.dashboard import collection_deadlines, collection_panel, deadlines_row
from indicators.collection.finding import campaign_hits
from indicators.collection.first_year import collect_figures
from indicators.collection.rights import may_stay_logged_in
from indicators.collection.tasks import campaign_tasks
from indicators.comparison.commitments import ComparisonCommitment
from indicators.definitions.cards import count_measuring, indicator_links
from indicators.definitions.commitments import IndicatorCommitment
from indicators.definitions.finding import indicator_hits, indicator_titles, indicators_across
from indicators.demo import set_up
from indicators.disclosure.differencing import describe_revealed
from indicators.disclosure.events import refresh_convention_disclosures
from indicators.letter import FiguresLetter
from indicators.library.first_year import choose_indicators
from indicators.personal import KEPT_NAMES, PERSONAL
from indicators.series.pack import figures_chapter
from indicators.sheet.measuring import measures_of
from indicators.statistics.filling import after_opening
from indicators.values.elsewhere import own_figures
from indicators.values.exposed import exposed_tasks
from indicators.values.files.importing import ImportOfValues
from indicators.values.files.years import ImportOfYears
from indicators.values.home import figures_to_type
from indicators.values.links.events import erase_ended_links
from indicators.values.tables import update_all_for_perimeters, update_for_perimeter
from indicators.values.uploads import deposited

contributions = Contributions(
    archive=[indicator_parts],
    action_sections=[measures_of],
    commune_sections=[own_figures, commune_figures],
    menu=[
        Entry("Indicateurs", "indicators:indicators", rank=50, group="Suivre"),
        Entry("Évaluations", "indicators:campaigns", rank=60, group="Suivre", short="Résultats"),
    ],
    tasks=[campaign_tasks, exposed_tasks],
    home_forms=[figures_to_type],
    state=[collection_panel],
    settings=[deadlines_row],
    first_steps=[choose_indicators, collect_figures],
    deadlines=[collection_deadlines],
    objective_links=[indicator_links],
    linked_to_objectives=[count_measuring],
    # A second person verifies, and what was read is not taken back: it is on the page that one sees
    # what.
    binding=[
        "indicators:verify_values indicators:verify_value indicators:confirm_published "
        "indicators:preview_disclosure indicators:disclose_without_waiting indicators:comparison"
    ],
    agenda_items=[figures_item],
    pack_chapters=[figures_chapter],
    uploads=[deposited],
    search=[indicator_hits, campaign_hits],
    search_across=[indicators_across],
    search_titles=[indicator_titles],
    long_session_refusals=[may_stay_logged_in],
    after_opening=[after_opening],
    after_load=[update_for_perimeter, refresh_convention_disclosures],
    after_stricter_secrecy=[refresh_convention_disclosures],
    versions=[IndicatorCommitment(describe_revealed=describe_revealed), ComparisonCommitment()],
    imports=[ImportOfValues(), ImportOfYears()],
    personal=PERSONAL,
    kept_names=KEPT_NAMES,
    jobs=[
        Job("indicators.forget_ended_links", erase_ended_links, every=timedelta(hours=12)),
        Job(
            "indicators.update_all_for_perimeters",
            update_all_for_perimeters,
            every=timedelta(hours=1),
        ),
    ],
    letters=[FiguresLetter],
    demo=[DemoStep("Indicateurs et chiffres", set_up)],
    help=[
        Place(
            "indicators:indicators indicators:indicator",
            "membre-du-comite#lire-les-indicateurs-et-l-annee",
            coordinator="coordination#proposer-un-indicateur",
        ),
        Place(
            "indicators:comparison",
            "membre-du-comite#lire-les-indicateurs-et-l-annee",
            coordinator="coordination#se-comparer",
        ),
        Place(
            "indicators:library indicators:take_up_entries indicators:add_indicator",
            "coordination#proposer-un-indicateur",
        ),
        Place(
            "indicators:edit_indicator indicators:end_indicator",
            "coordination#modifier-retirer-un-indicateur",
        ),
        Place(
            "indicators:campaigns",
            "membre-du-comite#lire-les-indicateurs-et-l-annee",
            coordinator="coordination#le-recueil-annuel",
        ),
        Place(
            "indicators:campaign",
            "membre-du-comite#lire-les-indicateurs-et-l-annee",
            coordinator="coordination#suivre-le-recueil",
            contributor="contributeur#saisir-mes-donnees",
        ),
        Place(
            "indicators:prepare_campaign indicators:edit_campaign "
            "indicators:change_campaign_year indicators:cancel_campaign",
            "coordination#preparer",
        ),
        Place("indicators:remind indicators:remind_one", "coordination#relancer"),
        Place("indicators:move_deadline", "coordination#deplacer-une-echeance"),
        Place("indicators:open_campaign", "coordination#ouvrir"),
        Place("indicators:close_campaign indicators:reopen_campaign", "coordination#clore"),
        Place(
            "indicators:entry indicators:grid indicators:value indicators:attach_evidence "
            "indicators:evidence",
            "contributeur#saisir-mes-donnees",
            coordinator="coordination#saisir-pour-le-compte-de",
        ),
        Place(
            "indicators:import_values indicators:values_template",
            "contributeur#deposer-un-fichier",
        ),
        Place(
            "indicators:import_years",
            "contributeur#deposer-plusieurs-annees",
            coordinator="coordination#reprendre-des-annees-passees",
        ),
        Place("indicators:paste_block", "contributeur#coller-une-colonne"),
        Place(
            "indicators:table indicators:paste_table indicators:table_figure "
            "indicators:table_whole",
            "contributeur#par-commune",
        ),
        Place(
            "indicators:entry_links indicators:send_link", "coordination#envoyer-un-lien-de-saisie"
        ),
        Place(
            "indicators:statistics indicators:load_release indicators:release "
            "indicators:set_release_aside",
            "contributeur#confirmer-ou-contester-un-chiffre-publie",
            coordinator="coordination#les-statistiques-publiques",
        ),
        Place(
            "indicators:taken_up indicators:contest_value",
            "contributeur#confirmer-ou-contester-un-chiffre-publie",
            coordinator="coordination#les-statistiques-publiques",
        ),
        Place("indicators:submit_values", "contributeur#transmettre"),
        Place("indicators:verify_values indicators:verify_value", "contributeur#verifier"),
        Place(
            "indicators:preview_disclosure indicators:disclose_without_waiting",
            "secret#une-fois-pour-toutes",
        ),
        Place(
            "indicators:return_value", "contributeur#verifier", coordinator="coordination#retourner"
        ),
    ],
    gestures=[
        Gesture(
            "Lire l’année",
            "Ce qui progresse, ce qui recule, ce qui manque ; puis le détail si vous le voulez.",
            "indicators:campaigns",
            "Les évaluations",
            rank=30,
        ),
    ],
)
