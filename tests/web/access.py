"""What axe-core has against a page."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page


def violations(page: Page) -> list[str]:
    """Each rule that is broken, with the element that breaks it."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(Axe().axe_script)  # Half a megabyte: once for all states of a page.
    found = page.evaluate(
        """async () => (await axe.run({ resultTypes: ["violations"] })).violations
        .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 120)}`))"""
    )
    return [str(one) for one in found]
