"""Personal data of people who have no account, as the directory stores it."""

from ctg_portal.people.personal import KeptName

KEPT_NAMES = [
    KeptName(
        columns=["conventions.Contact.name", "conventions.Contact.capacity"],
        what="Les personnes sans compte que la coordination peut choisir comme pilotes d’une "
        "action : nom, fonction, organisme, courriel s’il est donné. Une fiche convenue avec "
        "leur nom le garde",
        duration="jusqu’à ce que la coordination les retire, ce qu’elle fait sur demande",
        ground="mission d’intérêt public",
    )
]
