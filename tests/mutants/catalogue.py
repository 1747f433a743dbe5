"""List faults that a change could bring into the code and that a user would notice.

The tests of the subject find each of them: a rule is tested where it is written.
"""

from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]


class Mutant(NamedTuple):
    """A fault in the code. ``name`` is the sentence in which a user would report it. ``old`` occurs
    exactly once in ``file`` and is replaced by ``new``. ``tests`` is the folder of the subject's
    tests, or one file of it where the folder takes more than a minute."""

    name: str
    file: str
    old: str
    new: str
    tests: str


MUTANTS = [
    # Settlement: agreements/versions -------------------------------------------------------------
    Mutant(
        "A version comes into force although the convention is not signed",
        "agreements/versions/settlement.py",
        "or not point.is_agreed or not version.convention.is_signed:",
        "or not point.is_agreed:",
        "tests/agreements/versions/test_settlement.py",
    ),
    Mutant(
        "An action that begins on the last day of the convention needs a reason, as after the term",
        "agreements/versions/rights.py",
        "if begins and begins > convention.end:",
        "if begins and begins >= convention.end:",
        "tests/agreements/versions/test_after_term.py",
    ),
    Mutant(
        "A version agreed to during a day is not in force at the end of that day",
        "agreements/versions/models.py",
        "datetime.datetime.combine(day + datetime.timedelta(days=1), datetime.time())",
        "datetime.datetime.combine(day, datetime.time())",
        "tests/agreements/versions/test_transitions.py",
    ),
    Mutant(
        "When an agreement is withdrawn, the version that was in force before does not come back",
        "agreements/versions/settlement.py",
        "former = version.succeeds if version.commitment.comes_back else None",
        "former = None",
        "tests/agreements/versions/test_settlement.py",
    ),
    Mutant(
        "Withdrawing a proposed change also withdraws the row that is in force",
        "agreements/versions/settlement.py",
        "    if not _in_force(version):\n        version.commitment.stand(",
        "    if version:\n        version.commitment.stand(",
        "tests/agreements/versions/test_settlement.py",
    ),
    # Who acts and speaks: access, seats, recorded answers ----------------------------------------
    Mutant(
        "Somebody confirms their own access",
        "conventions/access/rights.py",
        "        if user is not None and asker.pk == user.pk:\n            return OWN_RIGHT\n",
        "",
        "tests/conventions/access",
    ),
    Mutant(
        "The coordination confirms who acts for a party",
        "conventions/access/rights.py",
        "    is_open = not organisation.is_guarded and coordinates(",
        "    is_open = coordinates(",
        "tests/conventions/access",
    ),
    Mutant(
        "A référent makes themselves something else by inviting their own address",
        "conventions/access/rights.py",
        "    if user is not None and giver.pk == user.pk:\n        return False\n",
        "",
        "tests/conventions/access",
    ),
    Mutant(
        "A suspended référent is restored by another one",
        "conventions/access/rights.py",
        "    if appointment.is_referent and appointment.suspended_at:\n",
        "    if False:\n",
        "tests/conventions/access",
    ),
    Mutant(
        "Who suspended somebody in vain does it again and again",
        "conventions/access/rights.py",
        "    if any(asker.pk in one.overruled for one in held):\n",
        "    if False:\n",
        "tests/conventions/access",
    ),
    Mutant(
        "Who only reads suspends who acts",
        "conventions/access/rights.py",
        "if is_reader and all(one.only_reads or not one.is_confirmed for one in held):",
        "if is_reader:",
        "tests/conventions/access",
    ),
    Mutant(
        "The coordination ends a confirmed access of a party",
        "conventions/access/rights.py",
        "    is_open = appointment.only_reads or not (",
        "    is_open = True or not (",
        "tests/conventions/access",
    ),
    Mutant(
        "An organisation is left without its last référent",
        "conventions/access/rights.py",
        "    if asker is not None and is_last_referent(membership):\n",
        "    if False:\n",
        "tests/conventions/access",
    ),
    Mutant(
        "Who coordinates for one organisation acts for another",
        "conventions/access/rights.py",
        "        if role == Role.READER:\n            continue\n",
        "        if role:\n            continue\n",
        "tests/conventions/access",
    ),
    Mutant(
        "Who begins to coordinate keeps what they have elsewhere",
        "conventions/access/events.py",
        "        _suspend(other, by=None, reason=reason)\n",
        "        pass\n",
        "tests/conventions/access",
    ),
    Mutant(
        "An invitation that its sender may confirm no more still counts at once",
        "conventions/access/events.py",
        "    at_once = rights.counts_at_once(given_by, organisation, user)\n",
        "    at_once = True\n",
        "tests/conventions/access",
    ),
    Mutant(
        "A suspension leaves the seat with its voice",
        "conventions/access/events.py",
        "    let_follow(house().after_standing, user, organisation, by=by)\n    let_follow(",
        "    let_follow(",
        "tests/agreements/seats",
    ),
    Mutant(
        "What a party's people hold stays confirmed when it becomes a party",
        "conventions/access/guarding.py",
        "        if not access.is_confirmed_by_host:\n",
        "        if False:\n",
        "tests/conventions/access",
    ),
    Mutant(
        "A pending seat speaks",
        "agreements/seats/models.py",
        "        return self.is_confirmed and self.is_valid(on)\n",
        "        return not self.is_suspended and self.is_valid(on)\n",
        "tests/agreements/seats",
    ),
    Mutant(
        "The substitute of a suspended member stands in",
        "agreements/seats/voices.py",
        "        if member.is_suspended and member.is_valid(self.day):\n            return True\n",
        "",
        "tests/agreements/seats",
    ),
    Mutant(
        "One person commits two parties",
        "agreements/seats/rights.py",
        "    other = others.exclude(pk=seat.pk).first()\n",
        "    other = None\n",
        "tests/agreements/seats",
    ),
    Mutant(
        "A référent lends the voice of a member who has an account",
        "agreements/seats/rights.py",
        "    if seat.user_id is None and is_referent(asker, seat.organisation):\n",
        "    if is_referent(asker, seat.organisation):\n",
        "tests/agreements/seats",
    ),
    Mutant(
        "A voice is lent to somebody whose access is not confirmed",
        "agreements/seats/rights.py",
        "    held = Membership.objects.effective().held_by(user, organisation)\n",
        "    held = Membership.objects.active().filter(user=user, organisation=organisation)\n",
        "tests/agreements/seats",
    ),
    Mutant(
        "What is recorded counts without a word",
        "agreements/answers/models.py",
        "        return self.filter(Q(is_recorded=False) | confirmed)\n",
        "        return self.filter(Q(is_recorded=False) | Q())\n",
        "tests/agreements/answers",
    ),
    Mutant(
        "What is recorded is confirmed by who may not answer",
        "agreements/answers/rights.py",
        "    return _settled_already(entry, point) or may_answer(voice, point)\n",
        "    return _settled_already(entry, point)\n",
        "tests/agreements/answers",
    ),
    # Publication: evaluation ---------------------------------------------------------------------
    Mutant(
        "A former member of the committee reads texts before they are published",
        "evaluation/publication/rights.py",
        "if seats.exists() and seats.sitting(today).exists():",
        "if seats.exists():",
        "tests/evaluation/publication/test_drafts.py",
    ),
    Mutant(
        "The final evaluation cannot be submitted although the last year of the term is closed",
        "evaluation/publication/rights.py",
        "campaign.year >= convention.end.year",
        "campaign.year > convention.end.year",
        "tests/evaluation/final/test_way_of_the_term.py",
    ),
    Mutant(
        "The final evaluation leaves out the last year of the term",
        "evaluation/period.py",
        "return range((convention.start or convention.end).year, convention.end.year + 1)",
        "return range((convention.start or convention.end).year, convention.end.year)",
        "tests/evaluation/final/test_term.py",
    ),
    Mutant(
        "A party that asked for a change in an earlier edition is not asked again to validate",
        "evaluation/publication/standing.py",
        "elif word.wants_otherwise and word.created_at < edition.submitted_at:",
        "elif word.is_opinion:",
        "tests/evaluation/publication/test_way.py",
    ),
    Mutant(
        "Evaluations are open to everybody as soon as the opening is proposed",
        "evaluation/opening/models.py",
        "return self.agreed().filter(is_open=True)",
        "return self.filter(is_open=True)",
        "tests/evaluation/opening",
    ),
    # Plan: actions/plan, actions/follow_up -------------------------------------------------------
    Mutant(
        "An action that was given up is still shown as agreed",
        "actions/plan/as_agreed.py",
        "filter(kind=COMMITMENT.kind, ends=False)",
        "filter(kind=COMMITMENT.kind)",
        "tests/actions/plan",
    ),
    Mutant(
        "A granted amount is lost when its funding line is no longer planned",
        "actions/plan/commitments.py",
        "if child.granted is None and child.spent is None:",
        "if child.granted is None or child.spent is None:",
        "tests/actions/plan/test_commitment.py",
    ),
    Mutant(
        "An action that lasts one day is refused",
        "actions/plan/faults.py",
        "if starts_on and ends_on and ends_on < starts_on:",
        "if starts_on and ends_on and ends_on <= starts_on:",
        "tests/actions/plan/test_faults.py",
    ),
    Mutant(
        "An action completed on the first of January counts as completed the year before",
        "actions/follow_up/as_of.py",
        "eve, end = datetime.date(year - 1, 12, 31),",
        "eve, end = datetime.date(year, 1, 1),",
        "tests/actions/follow_up/test_as_of.py",
    ),
    Mutant(
        "Linking two actions leaves no entry in the journal of the second one",
        "actions/follow_up/events.py",
        "        _journal(other, part.key, was, part.read(other), by, day)\n",
        "        part.read(other)\n",
        "tests/actions/follow_up/test_parts_beside.py",
    ),
    # Secrecy: indicators/disclosure --------------------------------------------------------------
    Mutant(
        "A count of 4 is read under a threshold of 5",
        "indicators/disclosure/masking.py",
        "return count < self.threshold and (count != 0 or self.hides_zeros)",
        "return count < self.threshold - 1 and (count != 0 or self.hides_zeros)",
        "tests/indicators/test_disclosure.py",
    ),
    Mutant(
        "Two masked figures that come to 2 are known to be 1 and 1",
        "indicators/disclosure/masking.py",
        "return len(masked) > 1 and sum(counts[c] for c in masked) >= self.threshold - 1 + known",
        "return len(masked) > 1",
        "tests/indicators/disclosure/test_masking.py",
    ),
    Mutant(
        "Correcting a secret figure moves the total by as much",
        "indicators/disclosure/corrections.py",
        "if counted is not None and count - counted >= disclosed.threshold:",
        "if counted is not None:",
        "tests/indicators/disclosure/test_disclosing.py",
    ),
    Mutant(
        "A figure that was shown and has become small is still read",
        "indicators/disclosure/corrections.py",
        "    if not is_small:\n        return table.show(commune, count)",
        "    if count:\n        return table.show(commune, count)",
        "tests/indicators/disclosure/test_disclosing.py",
    ),
    Mutant(
        "A table is read before its provider has verified it",
        "indicators/disclosure/events.py",
        "return sheet.is_whole and (sheet.is_verified or sheet.entry.campaign.is_closed)",
        "return sheet.is_whole",
        "tests/indicators/disclosure/test_disclosing.py",
    ),
    Mutant(
        "Looking at the preview again draws other figures",
        "indicators/disclosure/events.py",
        "return row is not None and is_drawn(row, sheet.given)",
        "return False",
        "tests/indicators/disclosure/test_disclosing.py",
    ),
    Mutant(
        "Who provides a table linked to another's reads where that one is small",
        "indicators/disclosure/reading.py",
        "if why == Reason.SECONDARY and is_told_of_own:",
        "if why == Reason.SECONDARY:",
        "tests/indicators/disclosure/test_disclosing.py",
    ),
    Mutant(
        "Whoever lifts a rule of secrecy shows what was masked under it",
        "indicators/disclosure/figure.py",
        "is_held = definition.is_confidential and isinstance(rule, HeldRule)",
        "is_held = is_masked_or_rounded(definition, rule) and isinstance(rule, HeldRule)",
        "tests/indicators/test_disclosure.py",
    ),
    Mutant(
        "A total that was given beside masked communes tells what they hide",
        "indicators/disclosure/stored.py",
        "return {} if is_sum else {TERRITORY: Reason.RELATED}",
        "return {}",
        "tests/indicators/disclosure/test_disclosing.py",
    ),
    Mutant(
        "Closing a year leaves its protected figures unread",
        "indicators/collection/events.py",
        "    disclose_year(campaign, by=by)\n",
        "",
        "tests/indicators/disclosure/test_disclosing.py",
    ),
    Mutant(
        "Anybody of the convention discloses the figures of an organisation",
        "indicators/values/rights.py",
        '    if not contributor.provides(entry):\n        return Refusal("Seul l’organisme',
        '    if not contributor:\n        return Refusal("Seul l’organisme',
        "tests/indicators/disclosure/test_preview.py",
    ),
    # Values: indicators/collection, indicators/values --------------------------------------------
    Mutant(
        "The figures of the last year of the term cannot be collected",
        "indicators/collection/rights.py",
        "    if year in years:\n",
        "    if year in years[:-1]:\n",
        "tests/indicators/collection/test_campaigns.py",
    ),
    Mutant(
        "An organisation keeps its own deadline after the common one has become the same day",
        "indicators/collection/events.py",
        "if before < row.due_on <= due_on]",
        "if before < row.due_on < due_on]",
        "tests/indicators/collection/test_calls_pages.py",
    ),
    Mutant(
        "Entry links still open after the collection has been moved to another year",
        "indicators/collection/events.py",
        "        move(link, LinkVerb.CUT, **coordinating(by), reason=told)\n",
        "        link.refresh_from_db()\n",
        "tests/indicators/values/links/test_links.py",
    ),
    Mutant(
        "A draft left in a closed year does not count once it is given unchanged as a correction",
        "indicators/values/events.py",
        "if value is not None and value.is_shown and Figure.of(value) == figure:",
        "if value is not None and Figure.of(value) == figure:",
        "tests/indicators/values/test_values.py",
    ),
    Mutant(
        "A figure that was submitted once can be erased after it is saved again as a draft",
        "indicators/values/events.py",
        "if value.is_shown or given.exists():",
        "if value.is_shown:",
        "tests/indicators/values/test_values.py",
    ),
    # Files: spreadsheets, indicators, actions, documents -----------------------------------------
    Mutant(
        "A cell that shows 12,5 % is read as 0,125",
        "spreadsheets/reading/cells.py",
        "            number = EXACT.multiply(number, Decimal(100))\n",
        "            number = EXACT.plus(number)\n",
        "tests/spreadsheets/test_reading.py",
    ),
    Mutant(
        "Of several years before the term, the earliest becomes the baseline",
        "indicators/values/files/years.py",
        "for given in sorted(lines, key=lambda one: -one.entry.campaign.year):",
        "for given in sorted(lines, key=lambda one: one.entry.campaign.year):",
        "tests/indicators/values/files/test_years.py",
    ),
    Mutant(
        "An imported file overwrites a draft that withdraws an action",
        "actions/files/coming_in/importing.py",
        "if any(one.is_draft and one.ends for one in own):",
        "if any(one.is_draft and one.number for one in own):",
        "tests/actions/files/coming_in/test_importing.py",
    ),
    Mutant(
        "A program hidden behind an upper-case extension is accepted as a document",
        "documents/uploads.py",
        "if suffix[1:].strip().lower() in RUNNABLE:",
        "if suffix[1:] in RUNNABLE:",
        "tests/documents/test_dangers.py",
    ),
    Mutant(
        "Erased files still count against the quota of a convention",
        "documents/models.py",
        "there = self.filter(erased_at__isnull=True)",
        "there = self.all()",
        "tests/documents/test_quota.py",
    ),
    # Undo: imports, answers, dossiers ------------------------------------------------------------
    Mutant(
        "Undoing an import discards a draft that was rewritten since",
        "actions/files/coming_in/importing.py",
        '    enforce(None if version.revision == before["is"] else WRITTEN_AGAIN)\n',
        "",
        "tests/actions/files/coming_in/test_importing.py",
    ),
    Mutant(
        "An answer can be undone after something was built on its version",
        "agreements/answers/rights.py",
        "    built = built_on(version)\n",
        '    built = ""\n',
        "tests/agreements/answers/test_undoing.py",
    ),
    Mutant(
        "The sender of a dossier can recall it after losing access",
        "committee/dossiers/rights.py",
        "may_act = is_own and bool(accesses_of(asker, dossier.convention))",
        "may_act = is_own",
        "tests/committee/dossiers/test_recalling.py",
    ),
    Mutant(
        "An answer given before a dossier was sent prevents its recall",
        "committee/dossiers/models.py",
        "said.filter(version__dossiers=self, created_at__gte=self.sent_at).exists()",
        "said.filter(version__dossiers=self).exists()",
        "tests/committee/dossiers/test_recalling.py",
    ),
    Mutant(
        "The log of an undone import does not keep what could not be put back",
        "spreadsheets/importing/events.py",
        '    move(row, ImportVerb.UNDONE, by=by, reason="\\n".join(left))\n',
        "    move(row, ImportVerb.UNDONE, by=by)\n",
        "tests/indicators/values/files/test_importing.py",
    ),
    # What all rooms stand on --------------------------------------------------------------------
    Mutant(
        "Somebody accepts an invitation that was sent to another address",
        "accounts/rights.py",
        "    if asker.email != invitation.email:\n",
        "    if not asker.email:\n",
        "tests/accounts/test_invitations.py",
    ),
    Mutant(
        "Who asked for one message on Mondays never gets it",
        "notifications/models.py",
        "            | Q(since__lte=monday)\n",
        "",
        "tests/notifications",
    ),
    Mutant(
        "A word that is looked for without its accents is not found",
        "ctg_portal/search.py",
        "char for char in decomposed if not unicodedata.combining(char)",
        "char for char in decomposed",
        "tests/portal/test_search_folding.py",
    ),
]
