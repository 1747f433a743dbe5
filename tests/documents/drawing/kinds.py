"""A kind of document for tests: what it says, and to whom, is set by each test."""

from documents.drawing.kinds import Asked, AskedKind, Drawn


class Leaflet(AskedKind):
    name = "tests.leaflet"

    def __init__(self):
        self.says, self.audiences, self.refusal, self.fails = "Bonjour", {}, None, False
        self.drawn = []

    def audience(self, scope, parameters, user):
        return self.audiences.get(user.pk, "members")

    def ask(self, scope, parameters, user):
        audience = self.audience(scope, parameters, user)
        if self.refusal:
            raise self.refusal
        return audience and Asked(
            title=f"Dépliant {parameters['n']}", name="depliant.pdf", audience=audience,
            origin="/conventions/", content=[self.says, parameters["n"]],
        )  # fmt: skip

    def content_type(self, parameters):
        return "application/pdf"

    def write(self, asked, row):
        return f"{asked.content}"

    def draw(self, written, asked, row):
        if self.fails:
            raise RuntimeError("no room left")
        self.drawn.append(written)
        return Drawn(written.encode(), 2)
