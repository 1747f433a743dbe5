"""What pages and messages say is set as French wants it, in the templates already."""

import re

from django.conf import settings

TEMPLATES = settings.BASE_DIR / "templates"
FOLDERS = [
    "account", "mfa", "accounts", "legal", "mail", "conventions", "components", "documents",
    "committee", "actions", "evaluation", "indicators", "notifications", "spreadsheets", "help",
]  # fmt: skip
FILES = [
    path for folder in FOLDERS for path in sorted((TEMPLATES / folder).glob("**/*.*"))
] + sorted(TEMPLATES.glob("4*.html"))
# A sign that is not read (« ! » before « en retard ») is no punctuation.
SIGN = r'<span[^>]* aria-hidden="true">[^<]*</span>|<text[^>]*>!</text>'
UNSEEN = re.compile(rf"{SIGN}|<style>.*?</style>|{{#.*?#}}|{{%.*?%}}|<[^>]*>", re.DOTALL)
FAULTS = {
    "a plain space before ; ! ?": re.compile(r" [;!?]"),
    "a plain space before :": re.compile(r" :"),
    "a plain space inside « »": re.compile(r"« | »"),
    "a straight apostrophe": re.compile(r"\w'\w"),
}


def faults(text: str) -> list[str]:
    seen = UNSEEN.sub("", text)
    return [name for name, pattern in FAULTS.items() if pattern.search(seen)]


def test_templates_are_set_in_french():
    assert len(FILES) > 600
    by_file = {str(path.relative_to(TEMPLATES)): faults(path.read_text()) for path in FILES}
    assert {name: rows for name, rows in by_file.items() if rows} == {}
