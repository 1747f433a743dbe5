"""Fetch a publisher's file from the address that its source declares, if the server may.

Off unless ``STATISTICS_FETCH`` is set. Only https, only the declared host, redirected nowhere else;
within a time, and no more bytes than a file may have.
"""

import time
from http.client import HTTPException
from typing import IO
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import (
    HTTPDefaultErrorHandler,
    HTTPErrorProcessor,
    HTTPRedirectHandler,
    HTTPSHandler,
    OpenerDirector,
    ProxyHandler,
    Request,
)

from django.conf import settings

from ctg_portal.rules import Refusal, Refused
from indicators.statistics.reading import MAX_SIZE
from indicators.statistics.source import Source

TIMEOUT = 30  # seconds without an answer
LONGEST = 300  # seconds, of the whole file
PIECE = 256 * 1024
AGENT = "Portail CTG (reprise de statistiques publiques)"
NOT_ALLOWED = Refusal(
    "Ce serveur ne va pas chercher de fichier : réglez STATISTICS_FETCH, ou donnez le fichier avec "
    "--file."
)


class _SameHost(HTTPRedirectHandler):
    """Follow a redirection within ``host`` over https; refuse any other."""

    def __init__(self, host: str):
        self.host = host

    def redirect_request(self, req, fp, code, msg, headers, newurl):
        """Return the next request. Raise Refused for another host or scheme."""
        target = urlsplit(newurl)
        if (target.scheme, target.netloc) != ("https", self.host):
            raise _refused(f"{self.host} renvoie vers une autre adresse, qui n’est pas suivie.")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def fetch(source: Source, year: int, *, opener: OpenerDirector | None = None) -> bytes:
    """Download the file of a source that holds a year. Raise Refused, in French, whatever goes
    wrong: not allowed on this server, no address, an error, too large, too slow. ``opener``
    replaces the network in tests."""
    if not settings.STATISTICS_FETCH:
        raise Refused(NOT_ALLOWED)
    if not source.can_be_fetched:
        raise _refused(
            f"« {source.title} » ne se prend pas par une adresse : téléchargez le fichier de "
            f"{source.page}, puis donnez-le avec --file."
        )
    request = Request(source.address_of(year), headers={"User-Agent": AGENT})  # noqa: S310  (https)
    opener = opener or _opener(source.host)
    try:
        with opener.open(request, timeout=TIMEOUT) as answer:
            return _download(answer, source)
    except HTTPError as error:
        raise _refused(
            f"{source.host} répond {error.code} : le jeu a peut-être changé d’adresse."
        ) from error
    except (URLError, HTTPException, OSError) as error:
        raise _refused(f"{source.host} ne répond pas : réessayez, ou donnez le fichier.") from error


def _opener(host: str) -> OpenerDirector:
    """Return an opener of https addresses only, which stays on ``host``."""
    opener = OpenerDirector()
    for handler in (
        ProxyHandler(), HTTPSHandler(), _SameHost(host), HTTPDefaultErrorHandler(),
        HTTPErrorProcessor(),
    ):  # fmt: skip
        opener.add_handler(handler)
    return opener


def _download(answer: IO[bytes], source: Source) -> bytes:
    """Read the whole answer. Raise Refused beyond ``MAX_SIZE`` or ``LONGEST`` seconds."""
    content, until = bytearray(), time.monotonic() + LONGEST
    while piece := answer.read(PIECE):
        content += piece
        if len(content) > MAX_SIZE:
            raise _refused(f"Le fichier de {source.host} dépasse {MAX_SIZE // 1024 // 1024}\xa0Mo.")
        if time.monotonic() > until:
            raise _refused(f"Le fichier de {source.host} met plus de cinq minutes à venir.")
    return bytes(content)


def _refused(reason: str) -> Refused:
    return Refused(Refusal(reason))
