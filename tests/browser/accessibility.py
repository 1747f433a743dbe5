"""What breaks the rules of accessibility on the page that is open."""

from axe_playwright_python.base import AXE_SCRIPT, AxeResults

# Nothing is fetched again for it, and nothing is told of the rules that are kept: either takes as
# long as the rules.
OPTIONS = {
    "resultTypes": ["violations"],
    "rules": {"target-size": {"enabled": True}},
    "preload": False,
}
RUN = "async (options) => ({violations: (await axe.run(document, options)).violations})"


def faults(page) -> list[str]:
    """The violations of axe's rules, in words; none where the page is sound."""
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(AXE_SCRIPT)
    results = AxeResults(page.evaluate(RUN, OPTIONS))
    return [results.generate_report()] if results.violations_count else []
