from django.apps import AppConfig


class AgreementsConfig(AppConfig):
    """Who speaks for whom, and what each party agreed to (art. 4 and 7)."""

    name = "agreements"
    verbose_name = "Accords"
