from django.contrib import admin

from conventions import models


@admin.register(models.Convention)
class ConventionAdmin(admin.ModelAdmin):
    list_display = ["territory", "slug", "signed_on", "start", "end"]
    search_fields = ["search_text", "slug"]


@admin.register(models.Membership)
class MembershipAdmin(admin.ModelAdmin):
    list_display = ["user", "organisation", "role", "state", "granted_at", "given_by", "ended_at"]
    list_filter = ["role", "state"]
    list_select_related = ["user", "organisation", "given_by"]
    search_fields = ["user__email", "organisation__name"]


@admin.register(models.Designation)
class DesignationAdmin(admin.ModelAdmin):
    list_display = ["sent_at", "email", "accepted_by", "accepted_at", "operator"]
    list_select_related = ["accepted_by", "operator"]
    exclude = ["token_digest"]


@admin.register(models.MembershipTransition)
class MembershipTransitionAdmin(admin.ModelAdmin):
    list_display = ["created_at", "membership", "verb", "by_name"]
    list_filter = ["verb"]
    list_select_related = ["membership__user", "membership__organisation"]
    readonly_fields = ["created_at"]


@admin.register(models.Article, models.Annex, models.Axis)
class NumberedPartAdmin(admin.ModelAdmin):
    list_display = ["convention", "number", "title", "since", "until"]
    list_select_related = ["convention", "since", "until"]
    search_fields = ["search_text"]


@admin.register(
    models.ArticleWording,
    models.AnnexWording,
    models.AxisWording,
    models.ThemeWording,
    models.ObjectiveWording,
)
class WordingAdmin(admin.ModelAdmin):
    list_display = ["part", "since", "ends"]
    list_filter = ["ends"]
    list_select_related = ["part", "since"]


@admin.register(models.AxisSuccession, models.ThemeSuccession, models.ObjectiveSuccession)
class SuccessionAdmin(admin.ModelAdmin):
    list_display = ["old", "new", "amendment"]
    list_select_related = ["old", "new", "amendment"]


admin.site.register([
    models.Amendment,
    models.Commune,
    models.CooperationPost,
    models.Coverage,
    models.KeyFigure,
    models.Objective,
    models.Organisation,
    models.Party,
    models.Sector,
    models.Signatory,
    models.Theme,
])  # fmt: skip
