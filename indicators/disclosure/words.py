"""Hold the sentences about secret figures and totals over them, for pages, files and documents."""

import datetime
from collections.abc import Sequence

from ctg_portal.templatetags.french import enumerate_words, long_date, plural

# What legends say of the word.
MEANING = "couvert par le secret statistique"
SECRET_EXPLAINED = (
    f"« Secret » : {MEANING} ; le chiffre, ou ce qui permettrait de le retrouver, compte trop peu "
    "de personnes ou de foyers."
)
# Said wherever a total over masked figures stands, corrected or not, so that it reveals nothing.
_DRIFT = "des corrections protégées peuvent l’écarter du vrai"
TOTALS_EXPLAINED = (
    f"Un total de chiffres secrets est arrêté le jour où ils sont diffusés ; {_DRIFT}."
)
# A document is compared with the one that was agreed to: where the portal is reached is not said.
RULE_REFERENCE = (
    "La règle entière est dans l’aide du portail : « Ce que le secret statistique protège » "
    "(/aide/secret/)."
)

NAMED = 3  # how many communes that are missing are named


def describe_frozen_totals(day: datetime.date) -> str:
    """Return the caveat under totals over masked figures: the day of the disclosure, and that
    corrections may not show."""
    return f"Total arrêté le {long_date(day)} ; {_DRIFT}."


def list_missing(names: Sequence[str]) -> str:
    """Return « manque Targé », or « manquent A, B, C et 9 autres » beyond three; empty for none."""
    if not names:
        return ""
    named, others = list(names[:NAMED]), len(names) - NAMED
    if others > 0:
        named.append(plural(others, "autre,autres"))
    return f"{'manque' if len(names) == 1 else 'manquent'} {enumerate_words(named)}"
