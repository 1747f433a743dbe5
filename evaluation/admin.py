from django.contrib import admin

from evaluation import models


@admin.register(models.Narrative)
class NarrativeAdmin(admin.ModelAdmin):
    list_display = ["theme", "year", "revision", "updated_by_name", "updated_at"]
    list_filter = ["year", "theme__axis__convention"]
    list_select_related = ["theme__axis"]


@admin.register(models.CriterionText)
class CriterionTextAdmin(admin.ModelAdmin):
    list_display = ["criterion", "convention", "mark", "revision", "updated_by_name", "updated_at"]
    list_filter = ["convention"]
    list_select_related = ["convention"]


@admin.register(models.Writer)
class WriterAdmin(admin.ModelAdmin):
    list_display = ["theme", "year", "user", "until", "given_at", "written_at", "taken_back_at"]
    list_filter = ["year", "theme__axis__convention"]
    list_select_related = ["theme__axis", "user"]


@admin.register(models.Appreciation)
class AppreciationAdmin(admin.ModelAdmin):
    list_display = ["objective", "year", "verdict", "revision", "updated_by_name", "updated_at"]
    list_filter = ["year", "verdict", "objective__theme__axis__convention"]
    list_select_related = ["objective"]


@admin.register(models.StakeAppreciation)
class StakeAppreciationAdmin(admin.ModelAdmin):
    list_display = ["stake", "year", "verdict", "revision", "updated_by_name", "updated_at"]
    list_filter = ["year", "verdict", "stake__convention"]
    list_select_related = ["stake"]


@admin.register(models.PostYear)
class PostYearAdmin(admin.ModelAdmin):
    list_display = ["post", "year", "cost", "revision", "updated_by_name", "updated_at"]
    list_filter = ["year", "post__convention"]
    list_select_related = ["post__employer"]


@admin.register(models.Report)
class ReportAdmin(admin.ModelAdmin):
    list_display = ["year", "convention", "state", "stage", "requested_at", "requested_by_name",
                    "pages", "sha256"]  # fmt: skip
    list_filter = ["state", "convention"]
    list_select_related = ["convention"]
    search_fields = ["sha256"]


@admin.register(models.ReportTransition)
class ReportTransitionAdmin(admin.ModelAdmin):
    list_display = ["created_at", "report", "verb", "by_name"]
    list_filter = ["verb", "report__convention"]
    list_select_related = ["report"]
    readonly_fields = ["created_at"]


@admin.register(models.Snapshot)
class SnapshotAdmin(admin.ModelAdmin):
    list_display = ["created_at", "convention", "year", "schema", "digest"]
    list_filter = ["convention"]
    list_select_related = ["convention"]
    exclude = ["text"]


@admin.register(models.Edition)
class EditionAdmin(admin.ModelAdmin):
    list_display = ["evaluation", "number", "state", "submitted_at", "published_at", "reason"]
    list_filter = ["state", "evaluation__convention"]
    list_select_related = ["evaluation"]


@admin.register(models.EditionTransition)
class EditionTransitionAdmin(admin.ModelAdmin):
    list_display = ["created_at", "edition", "verb", "by_name", "reason"]
    list_filter = ["verb"]
    list_select_related = ["edition__evaluation"]
    readonly_fields = ["created_at"]


@admin.register(models.Validation)
class ValidationAdmin(admin.ModelAdmin):
    list_display = ["created_at", "edition", "organisation", "word", "person_name"]
    list_filter = ["word", "organisation__convention"]
    list_select_related = ["edition__evaluation", "organisation"]


@admin.register(models.Layout)
class LayoutAdmin(admin.ModelAdmin):
    list_display = ["evaluation", "order", "left_out"]
    list_filter = ["evaluation__year", "evaluation__convention"]
    list_select_related = ["evaluation"]


@admin.register(models.Highlight)
class HighlightAdmin(admin.ModelAdmin):
    list_display = ["evaluation", "kind", "rank", "source"]
    list_filter = ["kind", "evaluation__year", "evaluation__convention"]
    list_select_related = ["evaluation"]


@admin.register(models.Printing)
class PrintingAdmin(admin.ModelAdmin):
    list_display = ["edition", "is_final", "rendition", "state", "requested_at", "pages", "sha256"]
    list_filter = ["state", "is_final", "rendition"]
    list_select_related = ["edition__evaluation"]
    search_fields = ["sha256"]


@admin.register(models.PrintingTransition)
class PrintingTransitionAdmin(admin.ModelAdmin):
    list_display = ["created_at", "printing", "verb", "by_name"]
    list_filter = ["verb"]
    list_select_related = ["printing__edition__evaluation"]
    readonly_fields = ["created_at"]


@admin.register(models.Evaluation)
class EvaluationAdmin(admin.ModelAdmin):
    list_display = ["convention", "year", "digest"]
    list_filter = ["convention"]
    list_select_related = ["convention"]


@admin.register(models.PublicPage)
class PublicPageAdmin(admin.ModelAdmin):
    list_display = ["convention", "is_open"]
    list_filter = ["is_open"]
    list_select_related = ["convention"]


@admin.register(models.Illustration)
class IllustrationAdmin(admin.ModelAdmin):
    list_display = ["__str__", "convention", "alternative", "added_at", "removed_at"]
    list_filter = ["convention"]
    list_select_related = ["convention"]


@admin.register(models.TextComment)
class TextCommentAdmin(admin.ModelAdmin):
    list_display = ["created_at", "convention", "year", "theme", "part", "person_name"]
    list_filter = ["year", "convention"]
    list_select_related = ["convention", "theme__axis"]
