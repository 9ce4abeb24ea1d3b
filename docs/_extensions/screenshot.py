"""The directive `screenshot`: a picture that `python -m tests.journey.screenshots` took, in the page's language.

    ```{screenshot} customer-1-start
    :alt: The first page, with one button
    What the picture shows.
    ```

Where the page's language has no picture the Korean one is shown; where there is none at all the build complains.
"""

from pathlib import Path

from docutils import nodes
from docutils.parsers.rst import Directive, directives
from sphinx.application import Sphinx
from sphinx.util import logging

log = logging.getLogger(__name__)
PICTURES = Path(__file__).resolve().parent.parent / "screenshots"
WIDTHS = ("phone", "desk")


class Screenshot(Directive):
    required_arguments = 1
    has_content = True
    option_spec = {"alt": directives.unchanged_required, "at": lambda given: directives.choice(given, WIDTHS)}

    def run(self) -> list[nodes.Node]:
        environment = self.state.document.settings.env
        name, width = self.arguments[0], self.options.get("at", "phone")
        own = "ko" if environment.docname.endswith("-ko") else "en"
        files = [PICTURES / f"{name}-{width}-{language}.webp" for language in (own, "ko")]
        found = next((file for file in files if file.exists()), None)
        if found is None:
            log.warning("no picture %s: run python -m tests.journey.screenshots", files[-1].name)
            return []
        figure = nodes.figure(classes=[width])
        figure += nodes.image(uri=f"/screenshots/{found.name}", alt=self.options["alt"])
        said = nodes.container()
        self.state.nested_parse(self.content, self.content_offset, said)
        if said.children:
            figure += nodes.caption("", "", *said.children[0].children)
        return [figure]


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_directive("screenshot", Screenshot)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
