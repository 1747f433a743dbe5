from django.contrib.admin.apps import AdminConfig


class PortalAdminConfig(AdminConfig):
    """Django's administration, on a site that changes nothing."""

    default = False
    default_site = "ctg_portal.administration.site.ReadOnlyAdminSite"
