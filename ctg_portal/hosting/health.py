"""The health check: strangers get a status and one word, the host's accounts get the details.

Two addresses check the database, the worker, the clock, the disk and the queues. At ``/sante/``,
for whoever sends visitors here, the database alone decides: pages are served without a worker. At
``/sante/surveillance/``, for whoever watches, all of them do. A check that fails is logged by
name, with its cause.
"""

import dataclasses
import datetime
import shutil
from pathlib import Path

from asgiref.sync import sync_to_async
from django.conf import settings
from django.http import HttpResponse
from django.utils import timezone
from health_check.base import HealthCheck
from health_check.checks import Database
from health_check.exceptions import ServiceWarning
from health_check.views import HealthCheckView

from ctg_portal.clock.heartbeats import is_late
from ctg_portal.house import house

LEAST_FREE = 1024**3  # bytes
# What was queued is done within seconds, as long as documents are few.
LONGEST_WAIT = datetime.timedelta(minutes=15)


@dataclasses.dataclass
class DatabaseAnswers(Database):
    """The database answers a query."""

    title = "Base de données"

    async def run(self):
        """Run in the thread of the request: nobody would close a connection of another thread."""
        await sync_to_async(super().run)()


class PortalCheck(HealthCheck):
    """A part of the portal without which its pages still work for a while."""

    name = title = trouble = ""

    def __repr__(self):
        return self.name

    @property
    def labels(self) -> dict[str, str]:
        return {"check": self.name}

    async def run(self):
        if not await sync_to_async(self.is_well)():
            raise ServiceWarning(self.trouble)

    def is_well(self) -> bool:
        raise NotImplementedError


class WorkerIsThere(PortalCheck):
    name, title, trouble = "worker", "Envoi du courrier et composition des documents", "late"

    def is_well(self) -> bool:
        return not is_late("worker")


class ClockIsThere(PortalCheck):
    name, title, trouble = "clock", "Tâches régulières", "late"

    def is_well(self) -> bool:
        return not is_late("clock")


class DiskHasRoom(PortalCheck):
    """Where files are kept. A folder that is not there yet lies in one that is."""

    name, title, trouble = "disk", "Place pour les fichiers", "nearly full"

    def is_well(self) -> bool:
        """Return whether the disk of the uploaded files has a gigabyte left."""
        folder = Path(settings.MEDIA_ROOT).absolute()
        existing = next(path for path in [folder, *folder.parents] if path.exists())
        return shutil.disk_usage(existing).free >= LEAST_FREE


class NothingWaits(PortalCheck):
    name, title, trouble = "queue", "Courrier et documents en attente", "waiting"

    def is_well(self) -> bool:
        """Return whether nothing queued in any room has waited for a quarter of an hour."""
        since = [moment for oldest in house().waiting if (moment := oldest())]
        return not since or timezone.now() - min(since) < LONGEST_WAIT


class HealthView(HealthCheckView):
    """200, or 500 when what decides is out of order: « OK » or « KO », and to the host's accounts a
    page, JSON or text."""

    checks = (DatabaseAnswers, WorkerIsThere, ClockIsThere, DiskHasRoom, NothingWaits)
    decisive: tuple[type[HealthCheck], ...] = (DatabaseAnswers,)

    async def get(self, request, *args, **kwargs):
        """Return 200 or 500 by the decisive checks alone, with one word; to the host's accounts
        the results as the request accepts them, as JSON where that cannot be read, and then other
        codes stay."""
        try:
            response = await super().get(request, *args, **kwargs)
        except ValueError:  # an Accept that nobody can read says nothing of our health
            response = self.render_to_response_json(200)
        if not request.user.is_staff:
            word = "OK" if self._status == 200 else "KO"
            return HttpResponse(word, status=self._status, content_type="text/plain")
        if response.status_code in (200, 500):
            response.status_code = self._status
        return response

    @property
    def _status(self) -> int:
        """500 where a decisive check has failed, else 200."""
        failed = [result.check for result in self.results if result.error]
        return 500 if any(isinstance(check, self.decisive) for check in failed) else 200


class WatchView(HealthView):
    decisive = (HealthCheck,)
