"""The rule of statistical secrecy of an organisation: which small counts others are not shown."""

# A laxer one is read as this one: at 3, a masked total over two communes says 1 and 1.
LEAST_THRESHOLD = 5
LARGEST_THRESHOLD = 1000
# All that is rounded is.
ROUNDING_BASE = 5


class SecrecyRule:
    """A rule, as an organisation states it, or as it was when a year was closed: counts from 1 to
    ``masking_threshold`` − 1 are masked, or counts are rounded to ``rounding_base``, or neither,
    which is written (``opts_out_of_secrecy``). Without any of these, fewer than five is secret.
    """

    masking_threshold: int | None
    rounding_base: int | None
    opts_out_of_secrecy: bool

    @property
    def states_secrecy(self) -> bool:
        """Whether a rule is stated: then its figures are entered and read raw by its own people
        alone. The threshold of who states none masks what others read, and guards nobody."""
        return bool(self.masking_threshold or self.rounding_base)

    @property
    def is_under_secrecy(self) -> bool:
        """Whether others read its small counts otherwise than they are."""
        return not self.opts_out_of_secrecy

    @property
    def threshold(self) -> int | None:
        """The number below which counts are masked, 5 where no rule is stated; None where they are
        rounded, or shown as they are."""
        if self.opts_out_of_secrecy or self.rounding_base:
            return None
        return self.masking_threshold or LEAST_THRESHOLD

    @property
    def secrecy(self) -> str:
        """The rule as a clause that follows « petits effectifs : »."""
        if self.opts_out_of_secrecy:
            return "ils se lisent tels quels (secret statistique non appliqué)"
        if self.rounding_base:
            return f"ils sont arrondis à {self.rounding_base} près (secret statistique)"
        least = self.masking_threshold or LEAST_THRESHOLD
        words = f"de 1 à {least - 1}, ils sont masqués (secret statistique"
        return f"{words})" if self.masking_threshold else f"{words}, sans autre règle déclarée)"


def is_stricter(then: SecrecyRule, now: SecrecyRule) -> bool:
    """Return whether the rule ``then`` masks more than ``now``: it states one and ``now`` none, or
    hides what ``now`` shows, or has the higher threshold. Of masking and rounding neither does."""
    if not now.states_secrecy and then.states_secrecy:
        return True
    if now.opts_out_of_secrecy:
        return then.is_under_secrecy
    return (then.threshold or 0) > (now.threshold or 0) and not now.rounding_base
