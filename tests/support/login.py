"""Django's login form, as a browser uses it: the page's token, then the cookies that it answers with."""
import http.cookies
import re
import urllib.parse

from load import NamedHost


def log_in(address, host, form, user, password, page):
    """Status of the page, asked for with the session that the form answered with: 200 for who may see it, 302 for others."""
    cookies = http.cookies.SimpleCookie()

    def ask(method, path, body=None, headers=None):
        connection = NamedHost(address, host)
        try:
            sent = {"Cookie": "; ".join(f"{name}={morsel.value}" for name, morsel in cookies.items()), **(headers or {})}
            connection.request(method, path, body, sent)
            answer = connection.getresponse()
            for line in answer.headers.get_all("Set-Cookie", []):
                cookies.load(line)
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    status, text = ask("GET", form)
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', text)
    if status != 200 or not token:
        raise AssertionError(f"https://{host}{form}: status {status}, no login form\n{text[:500]}")
    fields = urllib.parse.urlencode({"csrfmiddlewaretoken": token.group(1), "username": user, "password": password, "next": page})
    status, text = ask("POST", form, fields, {"Content-Type": "application/x-www-form-urlencoded", "Referer": f"https://{host}{form}"})
    if status not in (200, 302):
        raise AssertionError(f"https://{host}{form}: the form is refused with {status}\n{text[:500]}")
    return ask("GET", page)[0]
