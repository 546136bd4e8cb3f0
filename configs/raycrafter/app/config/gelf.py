"""Log records to Graylog: GELF 1.1 over UDP, compressed, in chunks. Nothing waits for an answer, so nothing blocks."""
import json
import logging
import os
import socket
import zlib

CHUNK = 1400
MOST_CHUNKS = 128
LEVELS = ((logging.CRITICAL, 2), (logging.ERROR, 3), (logging.WARNING, 4), (logging.INFO, 6))


class GelfHandler(logging.Handler):
    """For Django's LOGGING: {"class": "config.gelf.GelfHandler", "address": "127.0.0.1:12201"}."""

    def __init__(self, address, level=logging.NOTSET):
        super().__init__(level)
        host, _, port = address.rpartition(":")
        self.address = (host.strip("[]"), int(port))
        self.socket = socket.socket(socket.AF_INET6 if ":" in self.address[0] else socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.setblocking(False)

    def emit(self, record):
        try:
            for datagram in datagrams(zlib.compress(self.message(record))):
                self.socket.sendto(datagram, self.address)
        except Exception:  # what every handler of logging does: a log line must not end a request
            self.handleError(record)

    def message(self, record):
        text = record.getMessage()
        fields = {
            "version": "1.1",
            "host": socket.gethostname(),
            "short_message": text,
            "timestamp": record.created,
            "level": next((level for least, level in LEVELS if record.levelno >= least), 7),
            "_logger": record.name,
            "_process": record.process,
        }
        if record.exc_info:
            fields["full_message"] = text + "\n" + logging.Formatter().formatException(record.exc_info)
        request = getattr(record, "request", None)
        if hasattr(record, "status_code"):
            fields["_status_code"] = record.status_code
        if hasattr(request, "get_full_path"):
            fields["_request_path"] = request.get_full_path()
            fields["_request_verb"] = request.method
        return json.dumps(fields).encode()


def datagrams(sealed):
    """The message as it is when it is small, else in chunks; more than Graylog takes is cut into nothing."""
    if len(sealed) <= CHUNK:
        return [sealed]
    parts = [sealed[start:start + CHUNK] for start in range(0, len(sealed), CHUNK)]
    if len(parts) > MOST_CHUNKS:
        return []
    head = b"\x1e\x0f" + os.urandom(8)
    return [head + bytes((number, len(parts))) + part for number, part in enumerate(parts)]
