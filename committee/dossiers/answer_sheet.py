"""The one form that answers a dossier: agreed throughout, except where something else is told."""

from agreements.answers.events import Outcome, Reply
from agreements.models import Answer
from committee.dossiers.forms import PointReplyForm, SeenForm
from committee.dossiers.reading import Item, Reading
from ctg_portal.templatetags.french import in_words

OTHERWISE = "autrement"


class AnswerSheet:
    """What the reader is asked at each point, or what came back (``data``).

    A point has the fields of its answer, agreed being preselected. In a long dossier they would
    weigh too much, and a browser sends every one of them: each point has a box to tick instead,
    and the fields of those ticked come on the next page. A point without a tick is agreed to.
    """

    def __init__(self, reading: Reading, data=None):
        self.reading, self.data = reading, data
        self.ticked = set(data.getlist(OTHERWISE)) if data is not None else set()
        if data is None:
            self.shown = reading.awaited
            self.seen = {item.version.pk: item.card.seen for item in self.shown}
        else:
            self.seen = _sent(data)
            self.shown = [item for item in reading.items if item.version.pk in self.seen]
        for item in self.shown:
            self._ask(item)

    def _ask(self, item: Item) -> None:
        pk = str(item.version.pk)
        if self.reading.is_long and pk not in self.ticked:
            item.may_tick = True
        elif self.reading.is_long and f"p{pk}-reason" not in self.data:
            item.form = PointReplyForm(version=item.version, initial={"answer": ""})
        else:
            item.form = PointReplyForm(self.data, version=item.version)

    @property
    def seen_field(self):
        """The token, as it was shown first: what came since is to be told."""
        return SeenForm(initial={"seen": self.seen})["seen"]

    @property
    def forms(self) -> list[PointReplyForm]:
        return [item.form for item in self.shown if item.form]

    @property
    def to_tell(self) -> list[Item]:
        """The points ticked, whose answer is still to be told."""
        return [item for item in self.shown if item.form and not item.form.is_bound and self.data]

    @property
    def to_correct(self) -> list[Item]:
        return [item for item in self.shown if item.form and item.form.errors]

    def is_valid(self) -> bool:
        return not self.to_tell and not self.to_correct

    def replies(self) -> list[Reply]:
        """One for each point, but for those left for later."""
        found = []
        for item in self.shown:
            seen = self.seen[item.version.pk]
            found.append(item.form.reply(seen) if item.form else Reply(item.version, seen=seen))
        return [reply for reply in found if reply]

    def refuse(self, outcome: Outcome, reading: Reading) -> None:
        """Tell in a new ``reading`` why some answers were not taken, with what was typed there."""
        typed = {form.version.pk: form for form in self.forms}
        refusals = {version.pk: refusal for version, refusal in outcome.refused}
        for item in reading.items:
            item.refusal = refusals.get(item.version.pk)
            item.typed = typed.get(item.version.pk)


def _sent(data) -> dict[int, int]:
    form = SeenForm(data)
    form.full_clean()
    return form.cleaned_data.get("seen", {})


def refused_told(reading: Reading) -> str:
    forms = "réponse n’a pas été prise,réponses n’ont pas été prises"
    return _answers(len(reading.refused), forms)


def told(outcome: Outcome) -> str:
    """What has been recorded, for the person who answered."""
    count = len(outcome.entries)
    agreed = sum(entry.answer == Answer.AGREED for entry in outcome.entries)
    if not count:
        done = "Aucune réponse n’est enregistrée."
    elif agreed == count:
        done = f"Votre accord sur {in_words(count, 'point,points')} est enregistré."
    else:
        done = _answers(count, "réponse est enregistrée,réponses sont enregistrées")
        done += f", dont {in_words(agreed, 'accord,accords')}." if agreed else "."
    if outcome.in_force:
        numbers = len(outcome.in_force)
        verb = "point entre en vigueur,points entrent en vigueur"
        done += f" Tous les accords sont réunis : {in_words(numbers, verb)}."
    return done


def undone_told(count: int) -> str:
    done = _answers(count, "réponse est annulée,réponses sont annulées")
    return f"{done} ; le registre garde ce qui a été dit."


def _answers(count: int, forms: str) -> str:
    """« Une réponse est enregistrée »: a feminine noun, which begins a sentence."""
    one, _many = forms.split(",")
    if count == 1:
        return f"Une {one}"
    text = in_words(count, forms)
    return text[:1].upper() + text[1:]
