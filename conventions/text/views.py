"""Pages of the text of the convention, its structure, its parties and its cooperation."""

from django.shortcuts import get_object_or_404
from django.views.generic import TemplateView

from conventions.access.pages import ConventionPage, visible_convention
from conventions.access.reading import coordinators_of
from conventions.access.rights import referred_by
from conventions.legal.reading import (
    axes_as_read,
    fold_proposals,
    former_to_show,
    objectives_of,
    read_structure,
    text_as_read,
)
from conventions.legal.structure import Objective
from conventions.legal.text import Annex, Article
from conventions.parties.models import Party
from conventions.parties.reading import parties_of, posts_of
from conventions.territory.points_to_check import points_to_check
from conventions.text.folds import ALL, ALL_PARTS, render_axes, set_links
from ctg_portal.house import by_key, house, in_turn
from documents.downloads import serve_image


class FullTextView(ConventionPage, TemplateView):
    """The whole text, each part folded to its heading, with a table of contents and an anchor for
    every part; all open where the address says so."""

    template_name = "conventions/text/text.html"

    def get_context_data(self, **kwargs):
        """Return the text on the reading day, with what amended it since the signature and the
        links of the rooms above to each part."""
        convention, day = self.convention, self.reading_day
        articles = text_as_read(convention, day, Article)
        annexes = text_as_read(convention, day, Annex)
        parts = [*articles, *annexes]
        actions = by_key(house().text_links, self.request.user, convention, parts)
        is_open = self.request.GET.get("parties") == ALL_PARTS
        amendments = {}
        if convention.is_signed and day:
            effective = convention.amendments.effective(day).since_signed()
            amendments = {amendment.pk: amendment for amendment in effective}
        for part in parts:
            part.page_actions, part.is_open = actions.get(part.anchor, []), is_open
            part.amended_by = amendments.get(part.since_id)
        return super().get_context_data(
            amendments=list(amendments.values()),
            articles=articles,
            annexes=annexes,
            axes=axes_as_read(convention, day, with_proposed=False),
            sections=in_turn(house().text_sections, self.request.user, convention, day),
            figures=list(convention.key_figures.all()),
            parties=parties_of(convention),
            point_count=len(points_to_check(convention)),
            cited={article.number: article.get_absolute_url() for article in articles},
            is_open=is_open,
            **kwargs,
        )


class AxesView(ConventionPage, TemplateView):
    """Axes, themes, objectives and sub-objectives, each with its status."""

    template_name = "conventions/text/axes.html"

    def get_context_data(self, **kwargs):
        """Return the axes as HTML, former parts still referred to, and counts."""
        user, convention, day = self.request.user, self.convention, self.reading_day
        structure = read_structure(convention, day)
        axes, former = structure.axes, structure.former
        orientations, sub_objectives = objectives_of(axes)
        in_force = [o for o in orientations + sub_objectives if not o.is_closed]
        objectives = [o for o in in_force if o.is_objective]
        are_all_open = self.request.GET.get("themes") == ALL
        asked = self.request.GET.get("objectif", "")
        asked = asked if any(str(o.pk) == asked for o in orientations + sub_objectives) else ""
        shown = orientations + fold_proposals(orientations, asked)
        shown += [part for part in former if isinstance(part, Objective)]
        links_by_objective = by_key(house().objective_links, user, convention, shown)
        links = {pk: tuple(actions) for pk, actions in links_by_objective.items()}
        set_links(shown, links)
        return super().get_context_data(
            axes=axes,
            axes_html=render_axes(
                convention, day, asked=asked, are_all_open=are_all_open, links=tuple(links.items())
            ),
            former=former_to_show(former),
            actions=in_turn(house().axes_links, user, convention),
            sections=in_turn(house().text_sections, user, convention, day),
            axis_count=sum(not axis.is_closed for axis in axes),
            theme_count=sum(
                bool(theme.title) and not theme.is_closed
                for axis in axes
                for theme in axis.themes_read
            ),
            orientation_count=sum(o.is_signed and o.level == 1 for o in objectives),
            sub_objective_count=sum(o.is_signed and o.level == 2 for o in objectives),
            committee_count=sum(o.is_agreed and not o.is_signed for o in objectives),
            proposed_count=sum(o.is_proposed for o in objectives),
            theme_fold_count=sum(len(axis.themes_read) for axis in axes),
            are_all_open=are_all_open,
            **kwargs,
        )


class PartiesView(ConventionPage, TemplateView):
    """The parties, who signed for each, and the other organisations."""

    template_name = "conventions/parties/parties.html"

    def get_context_data(self, **kwargs):
        """Return parties, other organisations, and keys of those one is a référent of."""
        parties = parties_of(self.convention)
        return super().get_context_data(
            parties=parties,
            chairs=[party.organisation.name for party in parties if party.co_chairs],
            agreeing=[party.organisation.name for party in parties if party.agreement_required],
            others=list(self.convention.organisations.not_parties()),
            referred=referred_by(self.request.user, self.convention),
            **kwargs,
        )


class CooperationView(ConventionPage, TemplateView):
    """The posts of cooperation, and who coordinates today."""

    template_name = "conventions/parties/cooperation.html"

    def get_context_data(self, **kwargs):
        """Return the posts of the text, those that it has no more, and who coordinates."""
        convention = self.convention
        all_posts = posts_of(convention)
        posts = [post for post in all_posts if post.is_in_text]
        return super().get_context_data(
            posts=posts,
            fte=sum(post.fte for post in posts),
            former=[post for post in all_posts if not post.is_in_text],
            coordinators=coordinators_of(convention),
            **kwargs,
        )


def logo(request, slug, pk):
    """Serve a party's logo; 404 where it has none, or for who has no access to the convention."""
    convention = visible_convention(request, slug)
    return serve_image(get_object_or_404(Party.objects.of(convention).with_logo(), pk=pk).logo)
