"""Pages of hosts of the lab, as a visitor gets them, or as somebody does who asks for something else."""
import socket
import ssl


def page(address, path="/", name="minimal.example.org"):
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    # nginx refuses a handshake for a name that is not a site's, so the name goes into SNI too.
    with socket.create_connection((address, 443), timeout=10) as plain:
        with context.wrap_socket(plain, server_hostname=name) as secure:
            secure.sendall(f"GET {path} HTTP/1.1\r\nHost: {name}\r\nConnection: close\r\n\r\n".encode())
            answer = b""
            while piece := secure.recv(65536):
                answer += piece
    return answer.decode(errors="replace")


def bytes_answered(address, port, host, server_name=None):
    """What a request for the name `host` gets, over TLS with `server_name` when that is given; nothing when the connection is
    closed without an answer, or the handshake is refused."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    with socket.create_connection((address, port), timeout=10) as stream:
        try:
            if server_name is not None:
                stream = context.wrap_socket(stream, server_hostname=server_name)
            stream.sendall(f"GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
            answer = b""
            while piece := stream.recv(65536):
                answer += piece
        except (ssl.SSLError, ConnectionResetError):
            return b""
        finally:
            stream.close()
    return answer
