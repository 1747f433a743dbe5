"""The administration shows everything and changes nothing: state changes only through events."""

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


class ReadOnlyAdminSite(admin.AdminSite):
    """Makes whatever is registered read-only, the models of libraries included."""

    site_header = "Portail CTG – consultation technique"
    site_title = "Portail CTG"
    index_title = "Données"

    def register(self, model_or_iterable, admin_class=None, **options):
        base = admin_class or admin.ModelAdmin
        super().register(
            model_or_iterable, type(f"ReadOnly{base.__name__}", (ReadOnly, base), {}), **options
        )
