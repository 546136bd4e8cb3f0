"""Files that packages are made of: fetched once, and used only with the digest that their list says."""

import concurrent.futures
import hashlib
import http.client
import os
import re
import tempfile
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

from hostlab.machine import LabError
from hostlab.state import CACHE

PINS = Path(__file__).resolve().parent / "pins"
MAVEN = os.environ.get("WRIGHT_LAB_MAVEN", "https://repo1.maven.org/maven2")
INDEX = os.environ.get("WRIGHT_LAB_PYPI", "https://pypi.org/simple")
AT_ONCE = 6
TRIES = 3
SECONDS = 60


def pinned(package):
    """The lines of a package's list: each the digest, the path and what else the line says."""
    lines = (PINS / package).read_text(encoding="utf-8").splitlines()
    return [line.split() for line in lines if line and not line.startswith("#")]


def from_maven(lines):
    """The local paths of the lines' files, in their order."""
    return _all([(digest, f"{MAVEN}/{urllib.parse.quote(path)}", path) for digest, path, *_ in lines])


def from_index(line):
    """The local path of a wheel: the index's page of its project says where it is."""
    digest, path = line[:2]
    project, name = path.split("/")
    if _cached(digest, name):
        return _cached(digest, name)
    page_url = f"{INDEX}/{project}/"
    page = _read(page_url).decode("utf-8", "replace")
    for link in re.findall(r'href="([^"]+)"', page):
        if urllib.parse.unquote(urllib.parse.urlsplit(link).path).endswith("/" + name):
            return _all([(digest, urllib.parse.urljoin(page_url, link), name)])[0]
    raise LabError(f"{page_url} has no {name}")


def _all(wanted):
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(lambda one: _get(*one), wanted))


def _place(digest, path):
    return CACHE / "downloads" / f"{digest[:16]}-{path.rsplit('/', 1)[-1]}"


def _cached(digest, path):
    place = _place(digest, path)
    return place if place.exists() else None


def _get(digest, url, path):
    found = _cached(digest, path)
    if found:
        return found
    content = _read(url)
    seen = hashlib.sha256(content).hexdigest()
    if seen != digest:
        raise LabError(f"{url} is not what was expected: its sha256 is {seen}, the list says {digest}")
    place = _place(digest, path)
    place.parent.mkdir(parents=True, exist_ok=True)
    handle, part = tempfile.mkstemp(dir=place.parent)
    with os.fdopen(handle, "wb") as out:
        out.write(content)
    os.rename(part, place)
    return place


def _read(url):
    error = None
    for _ in range(TRIES):
        try:
            with urllib.request.urlopen(url, timeout=SECONDS) as answer:
                return answer.read()
        except (OSError, urllib.error.URLError, http.client.HTTPException) as failed:
            error = failed
    raise LabError(f"{url} was not fetched: {error}")
