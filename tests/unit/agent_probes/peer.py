"""A peer on a port of 127.0.0.1 for the tests of probes: peer.py FOLDER MANNER [NAME DAYS] <ANSWER.

MANNER is "answer" (each connection is read from, gets ANSWER and is closed), "close" (without an answer) or "silent". With
NAME it speaks TLS, with a self-signed certificate for that name, FOLDER/certificate.pem, which ends in DAYS days. Writes its
port to standard output and is there until it is ended."""
import datetime
import pathlib
import socket
import ssl
import subprocess
import sys
import threading

CONFIG = """[ca]
default_ca = here
[here]
database = index.txt
new_certs_dir = .
rand_serial = yes
default_md = sha256
policy = policy
x509_extensions = extensions
[policy]
commonName = supplied
[extensions]
subjectAltName = DNS:{name}
basicConstraints = critical,CA:TRUE
"""


def make_certificate(folder, name, days):
    """By `openssl ca`, as `openssl req` makes none that ended already."""
    def run(*words):
        subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True, stdin=subprocess.DEVNULL)

    def date(moment):
        return moment.strftime("%Y%m%d%H%M%SZ")

    (folder / "ca.conf").write_text(CONFIG.format(name=name))
    (folder / "index.txt").touch()
    now = datetime.datetime.now(datetime.timezone.utc)
    end = now + datetime.timedelta(days=days, hours=1)
    run("req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "key.pem", "-out", "request.pem",
        "-subj", f"/CN={name}")
    run("ca", "-batch", "-selfsign", "-notext", "-config", "ca.conf", "-keyfile", "key.pem", "-in", "request.pem", "-out",
        "certificate.pem", "-startdate", date(min(now, end) - datetime.timedelta(days=30)), "-enddate", date(end))


def serve(connection, manner, answer, tls):
    try:
        if tls:
            connection = tls.wrap_socket(connection, server_side=True)
        if manner == "silent":
            threading.Event().wait()
        connection.recv(65536)
        if manner == "answer":
            connection.sendall(answer)
        connection.close()
    except OSError:
        pass  # a client that does not like the certificate goes


def main():
    folder, manner = pathlib.Path(sys.argv[1]), sys.argv[2]
    tls = None
    if len(sys.argv) > 3:
        make_certificate(folder, sys.argv[3], int(sys.argv[4]))
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(folder / "certificate.pem", folder / "key.pem")
    answer = sys.stdin.buffer.read()
    listener = socket.create_server(("127.0.0.1", 0))
    print(listener.getsockname()[1], flush=True)
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=serve, args=(connection, manner, answer, tls), daemon=True).start()


if __name__ == "__main__":
    main()
