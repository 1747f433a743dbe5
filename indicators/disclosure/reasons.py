"""Why a figure is masked, as its provider's own people are told."""

from django.db import models


class Reason(models.TextChoices):
    """For itself, or so that another cannot be worked out from it."""

    PRIMARY = "primary", "secret primaire"
    COMPLEMENTARY = "complementary", "secret secondaire"

    def words(self, threshold: int | None) -> str:
        """« masqué : moins de 5 »; ``threshold`` is that of the rule."""
        if self == Reason.COMPLEMENTARY:
            return "masqué pour protéger un autre chiffre"
        return f"masqué : moins de {threshold}" if threshold else "masqué"
