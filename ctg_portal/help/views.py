"""The help: its contents, the pages of the guide, the glossary."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import render

from ctg_portal.help.glossary import glossary as glossary_of
from ctg_portal.help.guide import GLOSSARY, INDEX, PAGES, PUBLIC, SECRET, address_of, read_page
from ctg_portal.help.places import back_of, slug_of
from ctg_portal.house import house


def contents(request):
    """Show « Aide et glossaire »: the most frequent tasks and the pages of the guide."""
    back = back_of(request)
    return _help_page(
        request,
        "help/contents.html",
        guide=read_page(INDEX).html_back_to(back),
        gestures=sorted(house().gestures, key=lambda gesture: gesture.rank),
        slug=slug_of(back),
    )


def page(request, name: str):
    """Show a page of the guide, its chapters folded unless ``?chapitres=tous``; 404 for an unknown
    one."""
    if name not in PAGES:
        raise Http404
    guide_page = read_page(name)
    beginning, chapters = guide_page.beginning_and_chapters(back_of(request))
    return _help_page(
        request,
        "help/page.html",
        page=guide_page,
        beginning=beginning,
        chapters=chapters,
        are_all_open=request.GET.get("chapitres") == "tous",
    )


@login_not_required
def public(request):
    """Show « Se connecter », for people who are not logged in."""
    return page(request, PUBLIC)


@login_not_required
def secret(request):
    """Show the page on statistical secrecy, to which public documents lead."""
    return page(request, SECRET)


@login_not_required
def glossary(request):
    """Show the words of the trade, each with its anchor."""
    return _help_page(request, "help/glossary.html", words=glossary_of().words)


def _help_page(request, template: str, **context):
    """Render a page of the help with the address from which the reader came."""
    back = back_of(request)
    context |= {
        "back": back,
        "contents_url": address_of("", back),
        "glossary_url": address_of(GLOSSARY, back),
    }
    return render(request, template, context)
