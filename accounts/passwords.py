"""What a password must be, beyond Django's own validators.

CNIL (recommandation du 21 juillet 2022) and ANSSI: length first, no forced rotation, nothing that
a dictionary guesses. Twelve characters behind throttled log-in satisfy both.
"""

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError

from ctg_portal.search import fold

FRENCH_COMMON = {
    "azerty", "azertyuiop", "bienvenue", "bonjour", "caf", "chaton", "collectivite", "commune",
    "convention", "ctg", "doudou", "jetaime", "loulou", "mairie", "motdepasse", "msa", "portail",
    "soleil", "supermotdepasse",
}  # fmt: skip
DISTINCT_CHARACTERS = 6


class VarietyValidator:
    """Refuses few different characters, and a common word dressed with digits and signs."""

    def __init__(self):
        self.common = CommonPasswordValidator().passwords | FRENCH_COMMON

    def validate(self, password, user=None):
        if len(set(password.casefold())) < DISTINCT_CHARACTERS:
            raise ValidationError(
                f"Ce mot de passe répète trop les mêmes caractères : "
                f"il en faut au moins {DISTINCT_CHARACTERS} différents.",
                code="password_too_uniform",
            )
        letters = "".join(char for char in fold(password) if char.isalpha())
        if letters in self.common:
            raise ValidationError(
                "Ce mot de passe est un mot courant suivi de chiffres ou de signes : "
                "il serait vite deviné.",
                code="password_dressed_common",
            )

    def get_help_text(self):
        return (
            "Une suite de quelques mots sans rapport entre eux est facile à retenir "
            "et difficile à deviner."
        )
