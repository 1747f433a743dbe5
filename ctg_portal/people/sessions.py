"""Sessions of the database that know when they end."""

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore


class SessionStore(DatabaseStore):
    """``ends_at`` is when a session ends; None until it has been read."""

    ends_at = None

    def _get_session_from_db(self):
        """Return the row and note its end in ``ends_at``; None for a key without a session, where
        nothing is noted."""
        session = super()._get_session_from_db()
        if session is not None:
            self.ends_at = session.expire_date
        return session
