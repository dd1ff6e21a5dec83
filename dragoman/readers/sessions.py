"""Django's sessions in the database, read with a statement that is compiled once: each page of a reader needs one."""

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session

from dragoman.foundation.clock import now
from dragoman.foundation.statements import SelectModels

_VALID = SelectModels[Session](lambda key, at: Session.objects.filter(session_key=key, expire_date__gt=at))


class SessionStore(db.SessionStore):
    """As Django names it."""

    def _get_session_from_db(self) -> Session | None:
        found = _VALID.first(self.session_key, now())
        if found is None:
            self._session_key = None
        return found
