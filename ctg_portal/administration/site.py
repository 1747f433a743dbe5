"""The administration changes nothing, and shows all but what opens an account or is a protected
figure: state changes only through events."""

from django.contrib import admin


class ReadOnly:
    """Mixin of a ModelAdmin whose rows can only be looked at."""

    actions = None

    def has_add_permission(self, request, *args):
        return False

    def has_change_permission(self, request, *args):
        return False

    def has_delete_permission(self, request, *args):
        return False

    def lookup_allowed(self, lookup, value, request):
        """Refuse to filter by a column that the page hides: which rows are left would reveal it."""
        hidden = lookup.partition("__")[0] in (self.exclude or ())
        return not hidden and super().lookup_allowed(lookup, value, request)


# Rows that hold what opens an account: keys of double verification, links and codes in messages.
SECRETS = {"mfa.Authenticator", "post_office.Email", "post_office.Attachment"}


class ReadOnlyAdminSite(admin.AdminSite):
    """Makes whatever is registered read-only, the models of libraries included; hides secrets."""

    site_header = "Portail CTG – consultation technique"
    site_title = "Portail CTG"
    index_title = "Données"

    def register(self, model_or_iterable, admin_class=None, **options):
        """Register models read-only, whatever their admin class, without those of ``SECRETS``."""
        base = admin_class or admin.ModelAdmin
        models = [model_or_iterable] if isinstance(model_or_iterable, type) else model_or_iterable
        shown = [model for model in models if model._meta.label not in SECRETS]
        super().register(shown, type(f"ReadOnly{base.__name__}", (ReadOnly, base), {}), **options)
