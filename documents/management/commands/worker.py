from django_tasks_db.management.commands import db_worker

from documents.worker import PortalWorker


class Command(db_worker.Command):
    help = "The worker: delivers mail as soon as it is queued, and draws documents."

    def handle(self, **options):
        """Run the command of the library with ``PortalWorker``."""
        # The command makes its worker of the class that its module names.
        db_worker.Worker = PortalWorker
        super().handle(**options)
