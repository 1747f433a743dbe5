"""The health check, open to anybody: it tells whether the portal works, never where it runs."""

import dataclasses

from health_check.checks import Database
from health_check.exceptions import ServiceUnavailable
from health_check.views import HealthCheckView


@dataclasses.dataclass
class DatabaseAnswers(Database):
    """The database answers a query; its own words (host, port, user) stay in the log."""

    def run(self):
        try:
            super().run()
        except ServiceUnavailable as error:
            raise ServiceUnavailable("unavailable") from error


class HealthView(HealthCheckView):
    """``/sante/``: 200, or 500 when the database does not answer; a page, JSON or text."""

    checks = ("ctg_portal.health.DatabaseAnswers",)

    async def get(self, request, *args, **kwargs):
        try:
            return await super().get(request, *args, **kwargs)
        except ValueError:  # an Accept that nobody can read says nothing of our health
            return self.render_to_response_json(500 if any(r.error for r in self.results) else 200)
