from django.contrib import admin

from committee import models


@admin.register(models.Dossier)
class DossierAdmin(admin.ModelAdmin):
    list_display = ["title", "convention", "sent_at", "sent_by_name", "answer_by", "completed_at"]
    list_filter = ["convention"]
    list_select_related = ["convention"]
    search_fields = ["title"]
    readonly_fields = ["sent_at"]


@admin.register(models.DossierTransition)
class DossierTransitionAdmin(admin.ModelAdmin):
    list_display = ["created_at", "dossier", "verb", "by_name", "capacity"]
    list_filter = ["verb", "dossier__convention"]
    list_select_related = ["dossier"]
    readonly_fields = ["created_at"]


@admin.register(models.DossierPoint)
class DossierPointAdmin(admin.ModelAdmin):
    list_display = ["dossier", "rank", "version"]
    list_select_related = ["dossier", "version"]
    search_fields = ["dossier__title", "version__search_text"]


@admin.register(models.DossierAnswer)
class DossierAnswerAdmin(admin.ModelAdmin):
    list_display = ["dossier", "agreement"]
    list_select_related = ["dossier", "agreement"]
    search_fields = ["dossier__title", "agreement__search_text"]


@admin.register(models.Reclassification)
class ReclassificationAdmin(admin.ModelAdmin):
    list_display = ["pk", "convention", "becomes", "standing"]
    list_filter = ["standing", "convention"]
    list_select_related = ["convention"]
    raw_id_fields = ["objectives"]


@admin.register(models.Stake)
class StakeAdmin(admin.ModelAdmin):
    list_display = ["title", "convention", "standing"]
    list_filter = ["standing", "convention"]
    list_select_related = ["convention"]
    search_fields = ["title", "text"]


@admin.register(models.Renewal)
class RenewalAdmin(admin.ModelAdmin):
    list_display = ["organisation", "installed_on", "deliberated_on", "confirmed_at", "is_by_host"]
    list_filter = ["organisation__convention"]
    list_select_related = ["organisation"]
    search_fields = ["organisation__name"]
    readonly_fields = ["prepared_at"]


@admin.register(models.RenewalLine)
class RenewalLineAdmin(admin.ModelAdmin):
    list_display = ["renewal", "seat", "outcome", "name"]
    list_select_related = ["renewal__organisation", "seat"]
    search_fields = ["name", "seat__name"]


@admin.register(models.LinksCut)
class LinksCutAdmin(admin.ModelAdmin):
    list_display = ["user", "cut_at"]
    list_select_related = ["user"]
    search_fields = ["user__email"]


@admin.register(models.Comment)
class CommentAdmin(admin.ModelAdmin):
    list_display = ["created_at", "person_name", "capacity", "version", "edited_at"]
    list_select_related = ["version"]
    search_fields = ["person_name", "text"]
    readonly_fields = ["created_at"]


@admin.register(models.AmendmentProposal)
class AmendmentProposalAdmin(admin.ModelAdmin):
    list_display = ["title", "convention", "person_name", "created_at", "withdrawn_at"]
    list_filter = ["convention"]
    list_select_related = ["convention"]
    search_fields = ["title", "person_name", "wording"]
    readonly_fields = ["subject", "created_at"]


@admin.register(models.Body)
class BodyAdmin(admin.ModelAdmin):
    list_display = ["name", "convention", "kind"]
    list_filter = ["kind", "convention"]
    list_select_related = ["convention"]
    search_fields = ["name"]


@admin.register(models.BodyMember)
class BodyMemberAdmin(admin.ModelAdmin):
    list_display = ["name", "body", "organisation", "user"]
    list_select_related = ["body", "organisation", "user"]
    search_fields = ["name", "body__name"]


@admin.register(models.MeetingRules)
class MeetingRulesAdmin(admin.ModelAdmin):
    list_display = ["convention", "notice_days", "quorum"]
    list_select_related = ["convention"]


@admin.register(models.LeastPresence)
class LeastPresenceAdmin(admin.ModelAdmin):
    list_display = ["organisation", "count"]
    list_select_related = ["organisation"]


@admin.register(models.Meeting)
class MeetingAdmin(admin.ModelAdmin):
    list_display = ["day", "body", "convention", "state", "place"]
    list_filter = ["state", "convention"]
    list_select_related = ["body", "convention"]
    search_fields = ["body__name", "place"]


@admin.register(models.MeetingTransition)
class MeetingTransitionAdmin(admin.ModelAdmin):
    list_display = ["created_at", "meeting", "verb", "by_name", "capacity"]
    list_filter = ["verb", "meeting__convention"]
    list_select_related = ["meeting__body"]
    readonly_fields = ["created_at"]


@admin.register(models.AgendaItem)
class AgendaItemAdmin(admin.ModelAdmin):
    list_display = ["title", "meeting", "rank", "kind", "minutes"]
    list_select_related = ["meeting__body"]
    search_fields = ["title", "note"]
    raw_id_fields = ["versions"]


@admin.register(models.AgendaDocument)
class AgendaDocumentAdmin(admin.ModelAdmin):
    list_display = ["document", "item"]
    list_select_related = ["document", "item"]


@admin.register(models.Attendee)
class AttendeeAdmin(admin.ModelAdmin):
    list_display = ["name", "meeting", "organisation", "reply"]
    list_filter = ["meeting__convention"]
    list_select_related = ["meeting__body", "organisation"]
    search_fields = ["name", "capacity"]


@admin.register(models.Decision)
class DecisionAdmin(admin.ModelAdmin):
    list_display = ["__str__", "convention", "state", "owner", "due_on"]
    list_filter = ["state", "convention"]
    list_select_related = ["convention", "owner"]
    search_fields = ["text"]


@admin.register(models.DecisionTransition)
class DecisionTransitionAdmin(admin.ModelAdmin):
    list_display = ["created_at", "decision", "verb", "by_name", "capacity"]
    list_filter = ["verb", "decision__convention"]
    list_select_related = ["decision"]
    readonly_fields = ["created_at"]


@admin.register(models.Minutes)
class MinutesAdmin(admin.ModelAdmin):
    list_display = ["__str__", "digest"]
    list_filter = ["meeting__convention"]
    list_select_related = ["meeting__body"]
    search_fields = ["introduction"]


@admin.register(models.MinutesText)
class MinutesTextAdmin(admin.ModelAdmin):
    list_display = ["frozen_at", "minutes", "digest"]
    list_select_related = ["minutes__meeting__body"]
    search_fields = ["digest"]
    readonly_fields = ["frozen_at"]


@admin.register(models.RecordedList)
class RecordedListAdmin(admin.ModelAdmin):
    list_display = ["meeting", "organisation", "attendee", "recorded_at"]
    list_filter = ["meeting__convention"]
    list_select_related = ["meeting__body", "organisation", "attendee"]
    readonly_fields = ["recorded_at"]


@admin.register(models.RecordedAnswer)
class RecordedAnswerAdmin(admin.ModelAdmin):
    list_display = ["recorded_list", "agreement"]
    list_select_related = [
        "recorded_list__meeting__body",
        "recorded_list__organisation",
        "agreement",
    ]
    raw_id_fields = ["agreement"]


@admin.register(models.Signing)
class SigningAdmin(admin.ModelAdmin):
    readonly_fields = ["text_digest", "edition"]
    list_display = ["convention", "signed_on", "signed_at", "recorded_by_name", "confirmed_at"]
    list_filter = ["convention"]
    list_select_related = ["convention"]


@admin.register(models.SigningConfirmation)
class SigningConfirmationAdmin(admin.ModelAdmin):
    list_display = ["signing", "organisation", "by_name", "capacity", "confirmed_at"]
    list_filter = ["signing__convention"]
    list_select_related = ["signing__convention", "organisation"]
    readonly_fields = ["confirmed_at"]
