"""Pages of hosts of the lab, as a visitor gets them."""
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
