"""Other chapters hear of a load, within its transaction."""

import pytest

from conventions.models import Axis, Convention
from ctg_portal.house import overridden
from tests.conventions.loading.samples import FULL, changed


def listening(receiver):
    return overridden(after_load=[receiver])


def test_after_each_load_receivers_get_its_report(load_text):
    received = []

    def receiver(convention, report):
        received.append((convention, report, convention.axes.count()))

    with listening(receiver):
        reports = [load_text(FULL), load_text(FULL)]
    convention, axes = Convention.objects.get(), Axis.objects.count()
    assert received == [(convention, report, axes) for report in reports]


def test_receiver_may_add_a_warning(load_text):
    def receiver(convention, report):
        report.warnings.append("le comité n’a pas de siège.")

    with listening(receiver):
        assert load_text(FULL).warnings[-1] == "le comité n’a pas de siège."


def test_exception_of_a_receiver_undoes_the_load(load_text):
    def receiver(convention, report):
        raise LookupError

    with listening(receiver), pytest.raises(LookupError):
        load_text(FULL)
    assert not Convention.objects.exists()


def test_exception_of_a_receiver_undoes_a_correction(load_text):
    load_text(FULL)

    def receiver(convention, report):
        assert convention.notice_months == 2
        raise LookupError

    with listening(receiver), pytest.raises(LookupError):
        load_text(changed("preavis_mois: 6", "preavis_mois: 2"))
    assert Convention.objects.get().notice_months == 6
