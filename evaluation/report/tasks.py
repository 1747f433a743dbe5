"""What the worker does for the evaluation."""

from django_tasks import task


@task()
def compose_report(report_pk: int) -> None:
    """Compose a report that was asked for; one that is another's, or done, is left alone."""
    # The events that hand this task out are what composing calls.
    from evaluation.report.composition import compose  # noqa: PLC0415

    compose(report_pk)
