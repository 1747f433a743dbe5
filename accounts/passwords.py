"""Password rules beyond Django's own validators.

CNIL (recommandation du 21 juillet 2022) and ANSSI: length first, no forced rotation, nothing that
a dictionary guesses. Twelve characters behind throttled log-in satisfy both.
"""

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError

from accounts.models import User
from ctg_portal.search.rows import fold

FRENCH_COMMON = {
    "azerty", "azertyuiop", "bienvenue", "bonjour", "caf", "chaton", "collectivite", "commune",
    "convention", "ctg", "doudou", "jetaime", "loulou", "mairie", "motdepasse", "msa", "portail",
    "soleil", "supermotdepasse",
}  # fmt: skip
DISTINCT_CHARACTERS = 6
SHORTEST_ADDRESS = 4  # a shorter one is found in any sentence by chance


def contains_identity(password: str, user: User) -> bool:
    """Return whether ``password`` contains both first and last name, or the local part of the
    e-mail address; one that is very short must be the whole password.

    Django's own validator compares with one of them at a time.
    """
    bare = _bare(password)
    names = [_bare(user.first_name), _bare(user.last_name)]
    address = _bare(user.email.partition("@")[0])
    return (
        (all(names) and all(name in bare for name in names))
        or (len(address) >= SHORTEST_ADDRESS and address in bare)
        or bare == address
    )


def _bare(text: str) -> str:
    return fold(text).replace(" ", "")


class VarietyValidator:
    """A validator that refuses few different characters, a common word with digits or signs, and
    one's own name."""

    def __init__(self):
        self.common = CommonPasswordValidator().passwords | FRENCH_COMMON

    def validate(self, password: str, user: User | None = None) -> None:
        """Raise ValidationError for a password that the class refuses; None skips one's own
        name."""
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
        if user is not None and contains_identity(password, user):
            raise ValidationError(
                "Ce mot de passe ressemble trop à votre nom ou à votre adresse.",
                code="password_own_name",
            )

    def get_help_text(self) -> str:
        """Return the advice to take words without relation; no rule is named."""
        words = "Une suite de quelques mots sans rapport entre eux"
        return f"{words} est facile à retenir et difficile à deviner."
