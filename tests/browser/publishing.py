"""The way of an evaluation to its readers, as four people go it."""

import hashlib
import re
from unittest import mock

from playwright.sync_api import expect

from documents.drawing.composition import compose
from evaluation.models import Printing, Rendition
from evaluation.publication.document import PrintingDocument
from tests.browser.gestures import button, send
from tests.kept import one_page

REAL = "/conventions/grand-chatellerault/"
CHECK = f"{REAL}evaluations/verifier/"


class Way:
    """Of the evaluation at an address, as ``name`` calls it; with its visitors, of whom one is
    each of the members in turn."""

    def __init__(self, place: str, name: str, coordination, member, reader):
        self.publication, self.name = f"{REAL}evaluations/{place}/publication/", name
        self.coordination, self.member, self.reader = coordination, member, reader

    def submit(self):
        page = self.coordination.page
        self.coordination.go(self.publication)
        page.get_by_role("link", name="Soumettre").click()
        send(page, button(page, "Figer et soumettre"))
        self.coordination.title_is("doit valider les analyses")

    def agree_and_publish(self, file):
        """The Caf validates from its task, both parties agree from their list, the coordinator
        publishes; returns the file as a reader has downloaded it."""
        caf, page = self.member.log_in("copil-caf"), self.coordination.page
        caf.go(REAL)
        caf.page.get_by_role("link", name="Lire et répondre").click()
        caf.title_is("sont-elles justes")
        caf.page.get_by_label("Je valide les analyses").check()
        send(caf.page, button(caf.page, "Envoyer ma réponse"))

        self.coordination.go(self.publication)
        send(page, button(page, "Demander l’accord des parties"))
        for account in ("copil-caf", "copil-agglo"):
            member = self.member.log_in(account)
            member.go(self.publication)
            member.page.get_by_role("link", name="Voir le point soumis aux parties").click()
            send(member.page, button(member.page, "D’accord").first)
            member.go(f"{REAL}comite/mes-reponses/")
            send(member.page, button(member.page, "Confirmer ma réponse"))

        self.coordination.go(self.publication)
        self.coordination.title_is("il reste à la publier")
        page.get_by_role("link", name="Publier l’évaluation").click()
        expect(page.get_by_role("main")).to_contain_text("ne change plus")
        send(page, button(page, "^Publier$"))
        self.coordination.title_is("en préparation")
        with mock.patch.object(PrintingDocument, "draw", one_page):
            whole = Printing.objects.unfinished().get(is_final=True, rendition=Rendition.WHOLE)
            assert compose(whole)
        # The page asks again by itself, every three seconds.
        expect(page.get_by_role("heading", level=1)).to_contain_text("publiée", timeout=20_000)

        reader = self.reader
        reader.go(self.publication)
        with reader.page.expect_download() as download:
            reader.page.get_by_role("link", name=re.compile(f"^{self.name}")).first.click()
        download.value.save_as(file)
        shown = hashlib.sha256(file.read_bytes()).hexdigest()
        expect(reader.page.get_by_role("main")).to_contain_text(shown)
        return file


def check(reader, file) -> str:
    """What the portal says of a file that was received."""
    reader.go(CHECK)
    reader.page.get_by_label("Le document à vérifier").set_input_files(file)
    send(reader.page, button(reader.page, "Vérifier"))
    return reader.page.get_by_role("heading", level=1).inner_text().strip()
