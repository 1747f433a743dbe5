"""What is protected is nowhere: all that anybody else can reach is read for it."""

import json
import logging
import math
import re
from collections import Counter
from contextlib import suppress
from dataclasses import asdict
from decimal import Decimal
from urllib.parse import urlsplit

import pytest
from django.contrib import admin
from django.core import mail
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from committee.forms import PROPOSE
from conventions.models import Convention, Organisation, Theme
from ctg_portal.rules import Refused
from documents.drawing.composition import compose
from documents.models import StoredFile
from evaluation.comments.events import comment_text
from evaluation.images.events import add_illustration
from evaluation.models import Illustration, Printing, TextComment
from evaluation.opening.events import propose_opening
from evaluation.period import TERM
from evaluation.publication import events as publication
from evaluation.report.events import request_report
from evaluation.report.reading import read_report
from evaluation.writing.events import write_narrative
from indicators.collection.events import close_campaign, reopen_campaign
from indicators.models import Campaign, Evidence, Release, Value, ValueTransition, ValueVerb
from indicators.series.reading import read_series
from indicators.values.links.events import send_link
from indicators.values.links.tokens import address_of
from notifications.sending import send_due_mail
from tests.actions.factories import action_in_force
from tests.agreements.clock import days, on
from tests.crawl import FEW, FEWER, Reader, opened, view_at
from tests.evaluation.images.pictures import upload
from tests.factories import UserFactory
from tests.indicators.factories import (
    campaign_of,
    indicator_in_force,
    later,
    proposed_indicator,
    value_of,
)
from tests.indicators.marked import (
    COARSE,
    COUNTS,
    PUBLIC,
    WORDS,
    bare,
    leaks,
    marked_story,
    numbers_in,
    others,
    told_otherwise,
)
from tests.indicators.pages import typed
from tests.indicators.routes.values import LINKED as OF_LINK
from tests.indicators.routes.values import LINKED_TABLE as OF_LINKED_TABLE
from tests.indicators.values.entering import entry_url
from tests.reading import everything_in
from tests.role_table import ROUTES

pytestmark = [pytest.mark.django_db, pytest.mark.long]


@pytest.fixture
def marked(monkeypatch):
    monkeypatch.setattr(*COARSE)
    story = marked_story()
    action_in_force(story.committee)
    story.committee.proposed()  # of which its members are told by mail
    return story


@pytest.fixture
def story(marked):
    """With what is written of the years, an image and a document that was drawn."""
    coordinator, convention = marked.committee.coordinator, marked.committee.convention
    theme = marked.committee.orientation.theme
    image = add_illustration(convention, upload(), alternative="Une cour", by=coordinator)
    for year in (2022, 2023):
        write_narrative(theme, year, f"Un texte.\n\n{image.markdown}", revision=0, by=coordinator)
    comment_text("Une remarque.", by=coordinator, convention=convention, year=2023, theme=theme)
    assert compose(request_report(convention, 2023, digest="", by=coordinator))
    return marked


def publish(story) -> None:
    """The evaluation of a closed year, to everybody; the one before was opened again since it was
    submitted."""
    committee, by = story.committee, story.committee.coordinator
    years = Campaign.objects.of(committee.convention)
    closed, opened_again = years.get(state="closed"), years.get(state="reopened")
    years.filter(pk=opened_again.pk).update(state="closed")
    edition = publication.submit(closed, by=by)
    years.filter(pk=opened_again.pk).update(state="reopened")
    assert compose(edition.printings.get())
    committee.agree(publication.propose(edition, by=by))
    assert compose(publication.request_publication(edition, by=by))
    assert all(map(compose, edition.printings.unfinished()))
    committee.agree(propose_opening(committee.convention, is_open=True, by=by))


EVERYWHERE = "^/conventions/"
FIGURES = "^/conventions/[^/]+/(evaluations/|indicateurs/)"


ROOMS = ("indicators:", "evaluation:")
# Others only read: one page of a kind, and some of those whose each may tell a figure of its own.
WRITING = ("coordinator", "contributor elsewhere")
READ = {name for name, row in ROUTES.items() if name.startswith(ROOMS) and row.method == "get"}
LINKED = {name for name, row in ROUTES.items() if row is OF_LINK} | {"indicators:entry_link"}
# What only a provider's own people open.
OF_PROVIDERS = {"indicators:preview_disclosure", "indicators:link_counts"}
LINKED_TABLES = {name for name, row in ROUTES.items() if row is OF_LINKED_TABLE}


def addresses(story):
    """Those of the evaluation that need no link to be tried."""
    slug, years = story.slug, [campaign.year for campaign in reversed(story.years)]
    for name in sorted(READ):
        for where in ({"slug": slug}, *({"slug": slug, "year": year} for year in years)):
            with suppress(NoReverseMatch):
                yield reverse(name, kwargs=where)
    for piece in Evidence.objects.select_related("value__campaign_indicator__campaign"):
        yield entry_url(piece.value.campaign_indicator.campaign, f"pieces/{piece.pk}/")
    yield reverse("indicators:link_left")
    yield reverse("evaluation:public_conventions")
    yield from _by_commune(slug, story.years[-1])
    for campaign in reversed(story.years):
        yield entry_url(campaign, f"?pour={story.committee.caf.pk}")
        for entry in campaign.campaign_indicators.order_by("-pk"):
            for page in ("", "retourner/", "joindre/"):
                yield entry_url(campaign, f"{entry.pk}/{page}")
    yield from _of_texts(slug, years[0])
    yield from _published(slug)
    yield f"/conventions/{slug}/recherche/?q=Canari"
    yield f"/conventions/{slug}/indicateurs/?mots=Canari"


def _by_commune(slug: str, campaign: Campaign):
    """The tables of communes, their files, and the public statistic that filled one."""
    year = {"slug": slug, "year": campaign.year}
    for entry in campaign.campaign_indicators.by_commune():
        for name in ("table", "paste_table", "table_whole"):
            yield reverse(f"indicators:{name}", kwargs=year | {"pk": entry.pk})
        for value in entry.values.by_commune():
            where = year | {"pk": entry.pk, "commune": value.commune_id}
            yield reverse("indicators:table_figure", kwargs=where)
        for kind in ("csv", "xlsx"):
            where = {"slug": slug, "pk": entry.indicator_id, "extension": kind}
            yield reverse("indicators:by_commune_file", kwargs=where)
    for release in Release.objects.all():
        for name in ("release", "set_release_aside"):
            yield reverse(f"indicators:{name}", kwargs={"slug": slug, "pk": release.pk})
    for act in ValueTransition.objects.filter(verb=ValueVerb.TAKEN_UP):
        yield reverse("indicators:contest_value", kwargs=year | {"pk": act.value_id})


def _of_texts(slug: str, year: int):
    """Their images, what is said of them."""
    theme = Theme.objects.filter(axis__convention__slug=slug).first()
    of_theme, of_part = {"pk": theme.pk}, {"part": "introduction"}
    where = {"slug": slug, "year": year}
    yield reverse("evaluation:narrative_add_image", kwargs=where | of_theme)
    of_criterion = {"slug": slug, "year": None, "criterion": "impact"}
    for page in ("", "_history", "_comments", "_add_image"):
        yield reverse(f"evaluation:criterion{page}", kwargs=of_criterion)
    for image in Illustration.objects.all():
        shown = where | {"image": image.pk}
        yield reverse("evaluation:criterion_image", kwargs=of_criterion | {"image": image.pk})
        yield reverse("evaluation:image", kwargs={"slug": slug, "pk": image.pk})
        yield reverse("evaluation:narrative_image", kwargs=shown | of_theme)
        yield reverse("evaluation:year_text_image", kwargs=shown | of_part)
    for comment in TextComment.objects.all():
        for name in ("text_comment", "edit_text_comment"):
            yield reverse(f"evaluation:{name}", kwargs={"slug": slug, "pk": comment.pk})


def _published(slug: str):
    for printing in Printing.objects.published().select_related("edition__evaluation"):
        edition = printing.edition
        where = {"slug": slug, "year": edition.year}
        yield reverse("evaluation:edition_file", kwargs=where | {"pk": printing.pk})
        for name in ("give_back", "publish"):
            yield reverse(f"evaluation:{name}", kwargs=where | {"pk": edition.pk})
        where["number"] = edition.number
        yield reverse("evaluation:public_version", kwargs=where)
        yield reverse("evaluation:public_essential", kwargs=where)
        for kind in ("pdf", "docx", "xlsx", "csv", "json"):
            yield reverse("evaluation:public_file", kwargs=where | {"extension": kind})
        for kind in ("csv", "json"):
            yield reverse("evaluation:edition_data", kwargs=where | {"name": kind})
        for image in edition.snapshot.images.all():
            yield reverse("evaluation:public_image", kwargs=where | {"pk": image.pk})
        introduction = {"slug": slug, "year": edition.year, "part": "introduction"}
        for page in ("history", "comments", "add_image"):
            yield reverse(f"evaluation:year_text_{page}", kwargs=introduction)


def read_all(client, story, user, within=FIGURES, **how) -> dict[str, str]:
    client.force_login(user)
    reader = Reader(client, **how)
    reader.read(f"/conventions/{story.slug}/", within)
    for address in addresses(story):
        reader.read(address)
    return reader.pages


def read_by_link(client, story, provider) -> dict[str, str]:
    """What the link of an organisation opens, to whoever holds it."""
    address = "contact@provider.example"
    Organisation.objects.filter(pk=provider.pk).update(email=address)
    link = send_link(story.years[-1], provider, address=address, by=story.committee.coordinator)
    door, reader = urlsplit(address_of(link)).path, Reader(client)
    client.logout()
    reader.read(door)
    client.post(door, {"name": "Marie Durand", "role": "directrice"})
    for name in sorted(LINKED - {"indicators:entry_link"}):
        reader.read(reverse(name, kwargs={"pk": link.pk}))
    for entry in link.campaign.campaign_indicators.by_commune().filter(enterer=provider):
        for name in sorted(LINKED_TABLES):
            reader.read(reverse(name, kwargs={"pk": link.pk, "entry": entry.pk}))
    return reader.pages


def views_of(pages: dict[str, str]) -> dict[str, str]:
    return {view_at(urlsplit(address).path): text for address, text in pages.items()}


def answers_to_writing(client, story) -> dict[str, str]:
    """What is answered to who writes a figure that is not theirs: on its page, alone in a row."""
    last, answers = story.years[-1], {}
    secrets = [story.caf.secret, story.msa.secret]
    for entry in last.campaign_indicators.filter(indicator__in=secrets):
        page, desk = entry_url(last, f"{entry.pk}/"), f"{entry_url(last)}?ligne={entry.pk}"
        typed = {"figure": "1", "decision": "garder:1-1"}
        row = {f"v{entry.pk}-{name}": told for name, told in (typed | {"was": "x"}).items()}
        for address, data in ((page, typed), (page, {}), (f"{page}verifier/", {}), (desk, row)):
            htmx = {"HX-Request": "true"} if address == desk else {}
            response = client.post(address, data, headers=htmx, follow=True)
            answers[f"{address} {data}"] = everything_in(response)
    return answers


def unannounced(page: str) -> str:
    """Without what was said of the page before, which the next one tells, and the name of a page on
    which one types, which each has for itself."""
    page = re.sub(r'<div role="status">.*?</div>', "", page)
    return re.sub(r'(?<=name="page" value=")[^"]*', "", page)


def told_by(pages: dict[str, str]) -> dict[str, set]:
    return {address: marks for address, text in pages.items() if (marks := leaks(text))}


def first_of_each(addresses: list[str]) -> list[str]:
    """The first address of each kind of page."""
    by_view = {view_at(urlsplit(address).path): address for address in addresses[::-1]}
    return sorted(by_view.values())


def test_nothing_that_others_reach_tells_what_is_protected(client, story, caplog):
    read_as_others(client, story, caplog, few=1, each=FEWER, choose=first_of_each)


@pytest.mark.explorer(
    stands_for="tests/indicators/test_secrecy.py"
    "::test_nothing_that_others_reach_tells_what_is_protected"
)
def test_nothing_on_any_page_that_others_reach_tells_what_is_protected(client, story, caplog):
    read_as_others(client, story, caplog, few=FEW, each=math.inf, choose=list)


def read_as_others(client, story, caplog, *, few, each, choose) -> None:
    """Read all that others reach. Who only reads opens ``few`` pages of a kind, ``each`` of those
    that may tell a figure of their own; ``choose``: which pages are read again once other figures
    are protected."""
    caplog.set_level(logging.INFO)
    publish(story)
    # Who may read it asks first: nothing is kept of it for the next. And all of it is there.
    owners = (story.caf.colleague, story.msa.colleague)
    own = [told_by(read_all(client, story, user, few=1)) for user in owners]
    assert set().union(*(marks for leaked in own for marks in leaked.values())) >= WORDS | COUNTS

    people, pages = others(story), {}
    for who, user in people.items():
        within = EVERYWHERE if who == "coordinator" else FIGURES
        how = {"few": FEW, "each": math.inf} if who in WRITING else {"few": few, "each": each}
        pages[who] = read_all(client, story, user, within, **how)
        assert any(PUBLIC in numbers_in(bare(text)) for text in pages[who].values())
        leaked = told_by(pages[who])
        assert told_by(answers_to_writing(client, story)) == {}, who
        if who == "coordinator":
            views = views_of(pages[who])
            assert views.keys() >= READ - LINKED - LINKED_TABLES - OF_PROVIDERS
            assert PUBLIC in numbers_in(bare(views["evaluation:report_file"]))
            # Everything at once, for leaving: with masks, without what they hide.
            assert "LISEZMOI.txt" in views["conventions:archive"]
            assert PUBLIC in numbers_in(bare(views["conventions:archive"]))
            # Why a figure was returned is written to her too, where no rule protects it.
            assert leaked.pop(story.returned) == {"CanariRetour", 31415}
        assert not leaked, who

    with on(timezone.localdate() + days(8)):
        send_due_mail()
    assert mail.outbox
    letters = [f"{letter.subject}\n{letter.body}\n{letter.alternatives}" for letter in mail.outbox]
    assert leaks("\n".join([caplog.text, *letters])) == set()

    # What they are shown comes of what is disclosed and of nothing else.
    told_otherwise(story)
    for who in WRITING:
        client.force_login(people[who])
        for address in choose([page for page in pages[who] if re.search(FIGURES, page)]):
            now = everything_in(opened(client, address))
            assert unannounced(bare(now)) == unannounced(bare(pages[who][address])), address


def test_a_link_tells_nothing_protected_even_to_its_own_organisation(client, marked):
    for provider in (marked.committee.caf, marked.msa.secret.provider):
        linked = read_by_link(client, marked, provider)
        has_tables = provider == marked.committee.caf
        assert views_of(linked).keys() == LINKED | (LINKED_TABLES if has_tables else set())
        assert told_by(linked) == {}, provider
    letters = [f"{letter.body}\n{letter.alternatives}" for letter in mail.outbox]
    assert leaks("\n".join(letters)) == set()


def test_no_content_of_a_document_tells_what_is_protected(story):
    def contents():
        convention = Convention.objects.get(pk=story.committee.convention.pk)
        years = [read_report(convention, campaign) for campaign in story.years]
        return [*years, *(read_report(convention, campaign, TERM) for campaign in story.years)]

    before = contents()
    assert (
        leaks(json.dumps([asdict(one) for one in before], default=str, ensure_ascii=False)) == set()
    )
    told_otherwise(story)
    assert [one.digest for one in contents()] == [one.digest for one in before]


# The administration -------------------------------------------------------------------------------

# What no page of it may show, nor select rows by.
HIDDEN = {
    Value: {"number", "numerator", "denominator", "absence", "reason", "comment", "provisional",
            "source"},
    ValueTransition: {"number", "numerator", "denominator", "absence", "provisional", "reason"},
    StoredFile: {"name", "file"},
}  # fmt: skip
FIGURED = [*HIDDEN, Evidence]


def admin_url(model, page: str, *args) -> str:
    meta = model._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_{page}", args=args)


def in_administration(client) -> dict[str, str]:
    """The list of each model; of those about figures in every order, and row by row."""
    listed = [admin_url(model, "changelist") for model in admin.site._registry]
    for model in FIGURED:
        listed += [admin_url(model, "changelist") + f"?o={column}" for column in range(1, 8)]
        rows = list(model.objects.order_by("-pk")[:20])
        listed += [admin_url(model, "change", row.pk) for row in rows]
        listed.append(admin_url(model, "history", rows[0].pk))
    return {address: bare(everything_in(opened(client, address))) for address in listed}


def lookups_to(model, depth: int = 3):
    """Every way from a model to what is hidden: ``value__number``."""
    yield from HIDDEN.get(model, ())
    if depth:
        for field in model._meta.get_fields():
            if field.is_relation and field.related_model:
                for rest in lookups_to(field.related_model, depth - 1):
                    yield f"{field.name}__{rest}"


@pytest.fixture
def operator(client, db):
    user = UserFactory(is_staff=True, is_superuser=True)
    client.force_login(user)
    return user


@pytest.mark.usefixtures("operator")
def test_the_administration_tells_nothing_that_is_protected(client, story):
    pages = in_administration(client)
    assert told_by(pages) == {}
    # Not by what a search finds either.
    for model in FIGURED:
        for query in ("734219", "Canari"):
            listing = client.get(admin_url(model, "changelist"), {"q": query}).context["cl"]
            assert listing.result_count == 0 or not listing.search_fields
    told_otherwise(story)
    assert in_administration(client) == pages


@pytest.mark.usefixtures("operator")
def test_no_filter_of_the_administration_tells_what_is_protected(client):
    tried = Counter()
    for model, model_admin in admin.site._registry.items():
        for lookup in lookups_to(model):
            assert not model_admin.lookup_allowed(f"{lookup}__gte", "1", None), (model, lookup)
            tried[model] += 1
    assert len(tried) > 10
    for lookup in ("number=3", "comment__contains=Canari", "campaign_indicator__values__number=3"):
        address = f"{admin_url(Value, 'changelist')}?{lookup}"
        assert client.get(address).status_code == 400, lookup


# What is agreed to --------------------------------------------------------------------------------


def proposing(committee, **values):
    return proposed_indicator(committee, is_confidential=True, **values)


@pytest.mark.parametrize("baseline", [1, 4, Decimal("4.5")])
def test_a_baseline_that_would_be_masked_is_not_proposed(committee, baseline):
    committee.caf.masking_threshold = 5
    committee.caf.save()
    with pytest.raises(Refused, match="masqués"):
        proposing(committee, baseline_value=Decimal(baseline))


@pytest.mark.parametrize("baseline", [0, 5, 400, None])
def test_a_baseline_that_would_not_be_masked_is_proposed(committee, baseline):
    committee.caf.masking_threshold = 5
    committee.caf.save()
    assert proposing(committee, baseline_value=baseline and Decimal(baseline)).is_proposed


def test_a_baseline_is_rounded_as_its_figures_are(committee):
    committee.caf.rounding_base = 5
    committee.caf.save()
    assert proposing(committee, baseline_value=Decimal(405)).is_proposed
    with pytest.raises(Refused, match="Arrondissez"):
        proposing(committee, baseline_value=Decimal(404))
    assert proposed_indicator(committee, baseline_value=Decimal(404)).is_proposed


def test_the_form_tells_beside_the_baseline_that_it_is_refused(client, committee):
    committee.caf.masking_threshold = 5
    committee.caf.save()
    client.force_login(committee.coordinator)
    sent = typed(committee, baseline_value="3", is_confidential="on")
    url = f"/conventions/{committee.convention.slug}/indicateurs/nouveau/"
    response = client.post(url, sent | {"action": PROPOSE})
    assert response.status_code == 200
    assert "masqués" in response.context["form"].errors["baseline_value"][0]
    assert client.post(url, sent).status_code == 302  # a draft, which nobody else reads


def method_told(committee, campaign) -> str:
    campaign = Campaign.objects.get(pk=campaign.pk)
    return " ".join(read_report(committee.convention, campaign).method)


def test_a_figure_masked_when_its_year_closed_stays_masked(committee):
    """What was disclosed of an open year stays so too, whatever rule comes after."""
    caf, by = committee.caf, committee.coordinator
    Organisation.objects.filter(pk=caf.pk).update(masking_threshold=5)
    indicator = indicator_in_force(committee, is_confidential=True, baseline_value=None)
    closing, still_open = (campaign_of(committee, year, [indicator]) for year in (2022, 2023))
    for campaign in (closing, still_open):
        value_of(campaign, indicator, 3)
    close_campaign(closing, by=by)
    Organisation.objects.filter(pk=caf.pk).update(masking_threshold=None)

    def words():
        [series] = read_series(committee.convention, [indicator])
        return [cell.figure.words for cell in series.collected]

    assert words() == ["secret", "secret"]
    assert "de 1 à 4, ils sont masqués" in method_told(committee, closing)
    campaign = reopen_campaign(closing, due_on=later(), reason="Une erreur.", by=by)
    assert words() == ["secret", "secret"]
    close_campaign(campaign, by=by)
    Organisation.objects.filter(pk=caf.pk).update(rounding_base=5)
    assert words() == ["secret", "secret"]


@pytest.mark.parametrize(
    ("then", "now", "expected"),
    [
        ({"masking_threshold": 5}, {}, "secret"),
        ({"masking_threshold": 7}, {"masking_threshold": 5}, "secret"),
        ({"masking_threshold": 5}, {"masking_threshold": 7}, "secret"),
        ({"rounding_base": 5}, {}, "5"),
        ({"rounding_base": 5}, {"opts_out_of_secrecy": True}, "5"),
        ({}, {"masking_threshold": 5}, "secret"),
        ({}, {}, "secret"),
        ({}, {"opts_out_of_secrecy": True}, "secret"),
        ({"opts_out_of_secrecy": True}, {}, "secret"),
        ({"opts_out_of_secrecy": True}, {"opts_out_of_secrecy": True}, "3"),
    ],
)
def test_opening_a_year_again_lifts_no_rule(committee, then, now, expected):
    """A rule is its provider's to lift; what was kept when the year was closed is told by nobody
    who opens and closes it again."""
    caf, by = committee.caf, committee.coordinator
    none = {"masking_threshold": None, "rounding_base": None, "opts_out_of_secrecy": False}
    Organisation.objects.filter(pk=caf.pk).update(**none | then)
    indicator = indicator_in_force(committee, is_confidential=True, baseline_value=None)
    campaign = campaign_of(committee, 2023, [indicator])
    value_of(campaign, indicator, 3)
    close_campaign(campaign, by=by)
    Organisation.objects.filter(pk=caf.pk).update(**none | now)

    def words():
        [series] = read_series(committee.convention, [indicator])
        return series.collected[0].figure.words

    for _ in range(2):
        campaign = reopen_campaign(campaign, due_on=later(), reason="Une erreur.", by=by)
        assert words() in (expected, "en attente")
        campaign = close_campaign(campaign, by=by).campaign
        assert words() == expected
