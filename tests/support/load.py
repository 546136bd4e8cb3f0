"""Requests over TLS from several threads for as long as something else is done; each has a connection of its own."""
import http.client
import re
import socket
import ssl
import threading


class NamedHost(http.client.HTTPSConnection):
    """A connection to an address that is asked for a host by name. Its certificate may be its own."""

    def __init__(self, address, host, timeout=20, port=443):
        super().__init__(host, port, timeout=timeout, context=ssl._create_unverified_context())
        self.address = address

    def connect(self):
        self.sock = self._context.wrap_socket(socket.create_connection((self.address, self.port), self.timeout), server_hostname=self.host)


def fetch(address, host, path="/"):
    """Status and text."""
    connection = NamedHost(address, host)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


class Load:
    """Use as a context; `answered` and `failures` are complete when it ends.

    What the pattern `follow` finds in a page must be there as well, at its first group; `followed` has what was found."""

    def __init__(self, address, host, path, threads=4, follow=None):
        self.answered, self.failures, self.followed = 0, [], set()
        self._follow = follow
        self._asked = (address, host, path)
        self._lock, self._end = threading.Lock(), threading.Event()
        self._threads = [threading.Thread(target=self._ask) for _ in range(threads)]

    def _ask(self):
        while not self._end.is_set():
            try:
                status, text = fetch(*self._asked)
                problem = "" if status == 200 else f"{status}: {text[:200]}"
                if self._follow and not problem:
                    problem = self._ask_for_what_it_names(text)
            except (OSError, http.client.HTTPException) as error:
                problem = repr(error)
            with self._lock:
                self.answered += not problem
                self.failures += [problem] if problem else []

    def _ask_for_what_it_names(self, text):
        named = re.search(self._follow, text)
        if not named:
            return f"nothing to follow in {text[:200]}"
        self.followed.add(named.group(1))
        status, _ = fetch(*self._asked[:2], named.group(1))
        return "" if status == 200 else f"{status}: {named.group(1)}"

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self._end.set()
        for thread in self._threads:
            thread.join()
