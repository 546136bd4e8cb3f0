"""Settings from the addresses that the environment gives: DATABASE_URL and CACHE_URL."""
from urllib.parse import parse_qsl, unquote, urlsplit

ENGINES = {
    "postgres": "django.db.backends.postgresql",
    "postgresql": "django.db.backends.postgresql",
    "sqlite": "django.db.backends.sqlite3",
}


def database(url):
    """postgresql://user:password@host:port/name?sslmode=require, or sqlite:////absolute/path."""
    parts = urlsplit(url)
    if parts.scheme not in ENGINES:
        raise ValueError(f"DATABASE_URL begins with {parts.scheme!r}, not with one of {', '.join(ENGINES)}")
    name = unquote(parts.path[1:])
    if parts.scheme == "sqlite":
        return {"ENGINE": ENGINES["sqlite"], "NAME": name}
    return {
        "ENGINE": ENGINES[parts.scheme],
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": parts.port or "",
        "OPTIONS": dict(parse_qsl(parts.query)),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


def cache(url):
    """memcached://host:port; without one each process caches for itself."""
    if not url:
        return {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    parts = urlsplit(url)
    if parts.scheme != "memcached":
        raise ValueError(f"CACHE_URL begins with {parts.scheme!r}, not with memcached")
    location = f"unix:{parts.path}" if parts.path.strip("/") else parts.netloc
    return {"BACKEND": "django.core.cache.backends.memcached.PyMemcacheCache", "LOCATION": location}
