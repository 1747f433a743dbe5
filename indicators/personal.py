"""What the figures keep of a person: which ones she entered, never what they are, which the
secrecy of an organisation that she has left may protect."""

from ctg_portal.people.personal import KeptName, Personal, acts
from indicators.models import (
    CampaignTransition,
    CountLink,
    Disclosure,
    LinkTransition,
    OfferTransition,
    OwnDeadline,
    ReleaseTransition,
    Reminder,
    ReminderRecipient,
    Value,
    ValueTransition,
)

FIGURE = ["campaign_indicator__indicator__title", "campaign_indicator__campaign__year"]

PERSONAL = [
    Personal(
        model=Value, key="entered_by", title="Les données que vous avez saisies",
        given=[*FIGURE, "entered_by_name", "entered_at"], forgets=["entered_by_name"],
    ),
    Personal(
        model=Value, key="verified_by", title="Les données que vous avez vérifiées",
        given=[*FIGURE, "verified_by_name", "verified_at"], forgets=["verified_by_name"],
    ),
    Personal(
        model=Disclosure, key="disclosed_by", title="Les chiffres que vous avez diffusés",
        given=[*FIGURE, "disclosed_by_name", "disclosed_at"], forgets=["disclosed_by_name"],
    ),
    Personal(
        model=CountLink, key="declared_by",
        title="Les liens que vous avez déclarés pour le secret statistique",
        given=["indicator__title", "other__title", "declared_by_name", "declared_at"],
        forgets=["declared_by_name"],
    ),
    # Not ``acts``: a reason may reveal the figure.
    Personal(
        model=ValueTransition, key="by", title="Vos actes sur des données",
        given=[f"value__{FIGURE[0]}", f"value__{FIGURE[1]}", "verb", "by_name", "capacity",
              "created_at"],
        forgets=["by_name"],
    ),
    acts(CampaignTransition, "Vos actes sur des recueils annuels", "campaign__year"),
    acts(ReleaseTransition, "Vos actes sur des statistiques publiques", "release__source",
         "release__year"),
    acts(LinkTransition, "Vos actes sur des liens de saisie", "link__organisation__name"),
    acts(
        OfferTransition, "Les indicateurs que vous avez proposés pour la bibliothèque",
        "offer__indicator__title",
    ),
    Personal(
        model=OwnDeadline, key="by", title="Les échéances que vous avez données à un organisme",
        given=["campaign__year", "organisation__name", "due_on", "reason", "by_name", "created_at"],
        forgets=["by_name"],
    ),
    Personal(
        model=Reminder, key="by", title="Les relances que vous avez envoyées",
        given=["campaign__year", "organisation__name", "text", "owed", "by_name", "created_at"],
        forgets=["by_name"],
    ),
    Personal(
        model=ReminderRecipient, key="user", title="Les relances que vous avez reçues",
        given=["reminder__campaign__year", "reminder__organisation__name", "reminder__text",
              "reminder__created_at"],
    ),
]  # fmt: skip

# A name that was said without an account has no key: nothing takes it away with an account.
KEPT_NAMES = [
    KeptName(
        columns=[],
        what="Ce qu’a dit de soi qui a donné des chiffres par un lien de saisie, sans compte : nom "
        "et fonction, dans l’histoire de ces chiffres",
        duration="comme les chiffres",
        ground="mission d’intérêt public : savoir d’où vient un chiffre de l’évaluation",
    ),
    KeptName(
        columns=["indicators.EntryLink.address"],
        what="L’adresse à laquelle est parti un lien de saisie, et le nom de qui l’a ouvert",
        duration="un an après la fin du lien",
        ground="mission d’intérêt public : savoir à qui les chiffres ont été demandés",
    ),
]
