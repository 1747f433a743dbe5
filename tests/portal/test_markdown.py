"""Markdown as clean HTML, and the articles that a text cites."""

import re

import pytest
from django.template import Context, Template
from django.utils.safestring import SafeString, mark_safe
from hypothesis import example, given
from hypothesis import strategies as st

from ctg_portal.templatetags.french import illustrated, link_articles, markdown
from ctg_portal.text.markdown import Picture, references_in

URLS = {1: "#article-1", 5: "#article-5", 78: "#article-78"}


def linked(number: int, text: str) -> str:
    return f'<a href="#article-{number}">{text}</a>'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("voir l’article 5.", f"voir l’{linked(5, 'article 5')}."),
        ("l’article 1er", f"l’{linked(1, 'article 1er')}"),
        ("(art. 5)", f"({linked(5, 'art. 5')})"),
        ("Article 5 : objet", f"{linked(5, 'Article 5')} : objet"),
        ("article\u00a05", linked(5, "article\u00a05")),
        (mark_safe("art.&nbsp;5"), linked(5, "art.&nbsp;5")),
        ("article 1, article 5", f"{linked(1, 'article 1')}, {linked(5, 'article 5')}"),
    ],
)
def test_articles_are_linked_to_their_text(text, expected):
    assert link_articles(text, URLS) == expected


@pytest.mark.parametrize(
    "text",
    [
        "article 9",
        "article 78-17 du décret",
        "article 5 du code de l’action sociale",
        "article 5 du\u00a0Code civil",
        "article 5 de la loi de 1901",
        "article 5 bis",
        "article 51",
        "article 5000",
        "particle 5",
        "les articles du code",
        mark_safe("article&nbsp;5 du code"),
        mark_safe('<a href="/x">article 5</a>'),
        mark_safe('<a href="/x">le <em>bel</em> article 5</a>'),
        mark_safe('<p title="article 5">rien</p>'),
    ],
)
def test_what_cites_no_article_of_the_convention_stays_as_it_is(text):
    assert link_articles(text, URLS) == text


def test_articles_are_linked_again_after_a_link():
    html = mark_safe('<a href="/x">article 5</a> puis <em>article 5</em>')
    expected = f'<a href="/x">article 5</a> puis <em>{linked(5, "article 5")}</em>'
    assert link_articles(html, URLS) == expected


def test_text_is_escaped_before_its_articles_are_linked():
    assert link_articles("<i> article 5", URLS) == f"&lt;i&gt; {linked(5, 'article 5')}"


def test_typography_and_links_work_together_in_a_template():
    page = Template("{{ text|typo|link_articles:urls }}")
    html = page.render(Context({"text": "Vu l'article 5 ; <Caf>", "urls": URLS}))
    cited = linked(5, "article\u00a05")
    assert html == f"Vu l’{cited}\u202f; &lt;Caf&gt;"


# Pieces that a hostile or careless hand would write, and Markdown's own signs.
PIECES = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "</p>", "<svg/onload=alert(1)>",
    "[x](javascript:alert(1))", "[x](JaVaScRiPt&#58;alert(1))", "<javascript:alert(1)>",
    "![x](javascript:alert(1))", '[x](https://caf.example "a\" onclick=alert(1)")',
    "[x]: javascript:alert(1)\n", "<a href='javascript:alert(1)'>", "&lt;script&gt;", "onclick=",
    "`", "```\n", "# ", "### ", "* ", "1. ", "> ", "|", "|--|\n", "\n", " ", "**", "_", "mot",
]  # fmt: skip
HTML_TAG = re.compile(r"<(/?)([a-z0-9]+)((?: [^<>]*)?)>")
REL = 'rel="noopener noreferrer"'
ALLOWED_ATTRIBUTES = re.compile(rf"""( (href="[^"]*" {REL}|{REL}|start="\d+"|scope="col"))*""")


def test_markdown_is_rendered_with_french_typography():
    html = markdown("L'accueil **familial** : *oui* !\n\n- un\n- deux")
    assert html == (
        "<p>L’accueil <strong>familial</strong>&nbsp;: <em>oui</em>\u202f!</p>\n"
        "<ul>\n<li>un</li>\n<li>deux</li>\n</ul>\n"
    )
    assert isinstance(html, SafeString)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("> cité", "<blockquote>\n<p>cité</p>\n</blockquote>\n"),
        ("un  \ndeux", "<p>un<br>\ndeux</p>\n"),
        ("    code", "<pre><code>code\n</code></pre>\n"),
        ("un\n\n---", "<p>un</p>\n<hr>\n"),
        ("1. un", "<ol>\n<li>un</li>\n</ol>\n"),
        (
            "|a|\n|-|\n|b|",
            '<table>\n<thead>\n<tr>\n<th scope="col">a</th>\n</tr>\n</thead>\n'
            "<tbody>\n<tr>\n<td>b</td>\n</tr>\n</tbody>\n</table>\n",
        ),
    ],
)
def test_every_form_of_markdown_is_rendered(typed, expected):
    assert markdown(typed) == expected


def test_code_and_addresses_are_not_polished():
    assert "<code>l'axe 2 ?</code>" in markdown("`l'axe 2 ?`")
    assert "href=\"https://caf.example/?a='b';c\"" in markdown("<https://caf.example/?a='b';c>")


def test_html_in_the_text_is_shown_as_typed():
    assert markdown("<b onclick=alert(1)>gras</b>") == (
        "<p>&lt;b onclick=alert(1)&gt;gras&lt;/b&gt;</p>\n"
    )
    assert markdown("<script>alert(1)</script>") == "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>\n"


@pytest.mark.parametrize(
    "address", ["https://caf.example/", "http://caf.example/", "mailto:a@caf.example", "tel:3230"]
)
def test_web_mail_and_telephone_links_stay(address):
    assert f'<a href="{address}"' in markdown(f"[voir]({address})")


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "data:text/html,x", "vbscript:x", "ftp://caf.example"]
)
def test_other_links_lose_their_address(address):
    html = markdown(f"[voir]({address})")
    assert "voir" in html
    assert "href" not in html


# What a browser reads as another site, or runs, however it is typed.
ELSEWHERE = [
    "//mechant.example/x", "/\\mechant.example", "\\\\\\\\mechant.example",
    "\\\\/mechant.example", "///mechant.example", "&#47;/mechant.example",
    "/&Tab;/mechant.example", "</ /mechant.example>", "< //mechant.example>",
    "%2F%2Fmechant.example", "/%5Cmechant.example", "\u00a0//mechant.example",
    "javascript:alert(1)", "JAVASCRIPT:alert(1)", "java&Tab;script:alert(1)",
    "&#x09;javascript:alert(1)", "< javascript:alert(1)>", "javascript&colon;alert(1)",
    "data:text/html,x", "DATA:text/html,x", "vbscript:x", "file:///etc/passwd", "image:12",
]  # fmt: skip


@pytest.mark.parametrize(
    "typed", ["[voir]({})", "[voir][a]\n\n[a]: {}", "![a](image:12) [voir]({})"]
)
@pytest.mark.parametrize("address", ELSEWHERE)
def test_a_link_to_no_web_address_of_its_own_is_text(address, typed):
    html = illustrated(typed.format(address), 3, PICTURES)
    assert "voir" in html
    assert "<a" not in html
    assert "mechant" not in html


@pytest.mark.parametrize(
    "address", ["/aide/", "#article-1", "HTTPS://caf.example/", "https://caf.example//a%5Cb"]
)
def test_links_within_the_portal_and_to_the_web_stay(address):
    assert "<a href=" in markdown(f"[voir]({address})")


def test_links_tell_nothing_to_the_site_they_lead_to():
    assert 'rel="noopener noreferrer"' in markdown("[voir](https://caf.example/)")


@pytest.mark.parametrize(
    "source", ["https://ailleurs.example/x.png", "x.png", "data:image/png;base64,AA=="]
)
def test_images_are_dropped(source):
    assert markdown(f"avant ![une image]({source}) après") == "<p>avant  après</p>\n"


PICTURES = {
    12: Picture("/images/12/", 'La "cour" <b>', "Été 2023 ; ©", 40, 30),
    13: Picture("/images/13/", "", "", 8, 9),
}
COURT = (
    '<img class="picture" src="/images/12/" alt="La &quot;cour&quot; &lt;b&gt;" width="40" '
    'height="30">'
)
CAPTION = "Été 2023\u202f; ©"


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("![a](image:12)", f"<figure>{COURT}<figcaption>{CAPTION}</figcaption></figure>"),
        ("avant ![a](image:12) après", f"<p>avant {COURT} ({CAPTION}) après</p>"),
        ("- ![a](image:12)", f"<li>{COURT} ({CAPTION})</li>"),
        ("# ![a](image:12)", f"<h3>{COURT} ({CAPTION})</h3>"),
        ('![a](image:12 "titre")', f"<figure>{COURT}"),
        ("![a][b]\n\n[b]: image:12", f"<figure>{COURT}"),
        (
            "![a](image:12)\n![b](image:14)",
            "</figure>\n<p><em>[Image introuvable\u00a0: b]</em></p>",
        ),
        ("![](image:13)", '<figure><img class="picture" src="/images/13/" alt="" width="8"'),
        ("![](image:14)", "<p><em>[Image introuvable]</em></p>"),
        ("![<b>](http://x.example/a.png)", "<em>[Image introuvable\u00a0: &lt;b&gt;]</em>"),
        ("![a](file:///etc/passwd)", "<em>[Image introuvable\u00a0: a]</em>"),
        ('<img src="12" alt="a">', '<p>&lt;img src="12" alt="a"&gt;</p>'),
        ("[a](image:12)", "<p>a</p>"),
        ("`![a](image:12)`", "<code>![a](image:12)</code>"),
    ],
)
def test_pictures_of_the_portal_are_shown_by_their_number(typed, expected):
    html = illustrated(typed, 3, PICTURES)
    assert expected in html
    assert html.count("<img") == expected.count("<img") or "figure" in expected
    assert "x.example" not in html
    assert "passwd" not in html


def test_a_text_refers_to_the_numbers_of_its_images():
    text = "![a](image:12) `![b](image:13)` [c](image:14)\n\n- ![d](image:15)\n\n![e](image:x)"
    assert references_in(text) == {12, 15}
    assert references_in("rien") == set()


@pytest.mark.parametrize(
    ("typed", "first", "expected"),
    [
        ("# a", 2, "h2"),
        ("# a\n## b\n# c", 3, "h3 h4 h3"),
        ("## a\n#### b\n## c", 3, "h3 h4 h3"),
        ("###### a\n# b", 2, "h3 h2"),
        ("# a\n## b\n### c\n#### d", 4, "h4 h5 h6 h6"),
        ("a\n=\nb\n-", 3, "h3 h4"),
    ],
)
def test_headings_follow_each_other_from_the_level_asked_for(typed, first, expected):
    html = markdown(typed, first)
    assert " ".join(re.findall(r"<(h\d)>", html)) == expected
    assert " ".join(re.findall(r"</(h\d)>", html)) == expected


def test_headings_start_at_3_unless_told_otherwise():
    assert markdown("# Objet") == "<h3>Objet</h3>\n"


def test_tables_have_scopes_and_no_inline_style():
    html = markdown("|Domaine|ETP|\n|:--|--:|\n|Petite enfance|0,7|")
    assert html.count('<th scope="col">') == 2
    assert "<td>Petite enfance</td>\n<td>0,7</td>" in html
    assert "style" not in html


def test_lists_keep_their_first_number():
    assert '<ol start="3">' in markdown("3. trois\n4. quatre")


def test_an_empty_text_gives_nothing():
    assert markdown("") == ""


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=8), max_size=12).map("".join))
@example("<scr<script>ipt>alert(1)</script>")
@example("[a](<javascript:alert(1)>)")
def test_markdown_never_lets_anything_run(text):
    html = markdown(text)
    for tag in HTML_TAG.finditer(html):
        assert tag[2] not in {"script", "img", "svg", "style", "iframe"}
        assert ALLOWED_ATTRIBUTES.fullmatch(tag[3]), tag[0]
        assert not re.search(r'href="\s*(javascript|data|vbscript)', tag[3], re.IGNORECASE)
    # Every sign that opens a tag is one of those tags.
    assert html.count("<") == len(HTML_TAG.findall(html))


IMAGES = ["![x](image:12)", "![x](image:13)", '![a" onerror="x](image:12)', "![x](image:9",
          '<img src="12" alt="x">', "![", "](image:12)"]  # fmt: skip
SHOWN = re.compile(
    r'<img class="picture" src="/images/1[23]/" alt="[^"]*" width="\d+" height="\d+">'
)


@given(st.lists(st.sampled_from(PIECES + IMAGES) | st.text(max_size=8), max_size=12).map("".join))
@example('![x](image:12)<img src="12" alt="')
def test_pictures_never_let_anything_run(text):
    html = SHOWN.sub("", illustrated(text, 3, PICTURES))
    html = html.replace("<figure>", "").replace("</figure>", "")
    html = html.replace("<figcaption>", "").replace("</figcaption>", "")
    for tag in HTML_TAG.finditer(html):
        assert tag[2] not in {"script", "img", "svg", "style", "iframe"}
        assert ALLOWED_ATTRIBUTES.fullmatch(tag[3]), tag[0]
    assert html.count("<") == len(HTML_TAG.findall(html))
