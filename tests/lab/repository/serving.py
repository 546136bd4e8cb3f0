"""Serves a folder over HTTP on the lab's bridge: serving.py ADDRESS FOLDER."""

import functools
import http.server
import socket
import sys

PORT = 3198


def answers(address):
    try:
        socket.create_connection((address, PORT), timeout=1).close()
    except OSError:
        return False
    return True


if __name__ == "__main__":
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=sys.argv[2])
    http.server.ThreadingHTTPServer((sys.argv[1], PORT), handler).serve_forever()
