"""A broken nginx option that passes our checks but not `nginx -t` costs no request, counted by a load on the host."""
import pathlib
import re
import signal
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from waiting import wait_until  # noqa: E402
from wrightrun import MINIMAL, Lab, Site  # noqa: E402

# The load ends with what it is for; this is for the case that this never ends.
LONGEST_S = 300


class UnderLoad(unittest.TestCase):
    def load_during(self, site, *words, expect, headers=()):
        """The requests of a load that had begun before the run, and ended after it."""
        address = site.lab.address("host1")
        log = site.lab.root("host1") / "var/log/nginx/access.log"
        # Plain HTTP with the site's name: the redirect is answered by the same nginx, and wrk needs no resolver.
        headers = [word for header in ("Host: minimal.example.org", *headers) for word in ("-H", header)]
        load = subprocess.Popen(["wrk", "-t1", "-c8", f"-d{LONGEST_S}s", *headers, f"http://{address}/"],
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

        def await_answers():
            self.assertIsNone(load.poll(), "the load has ended")
            so_far = log.stat().st_size
            wait_until(lambda: log.stat().st_size > so_far, 10)

        try:
            await_answers()
            site.run(*words, expect=expect)
            await_answers()
        finally:
            load.send_signal(signal.SIGINT)
            out, _ = load.communicate(timeout=30)
        requests = int(re.search(r"(\d+) requests in", out).group(1))
        self.assertGreater(requests, 100, out)
        self.assertNotIn("Socket errors", out)
        # wrk counts what is no 2xx or 3xx; a redirect is 3xx.
        self.assertNotIn("Non-2xx", out)
        return requests

    def test_no_request_fails(self):
        lab = Lab()
        lab("reset", "host1")
        with Site(lab, MINIMAL) as site:
            site.run("apply", "--yes")
            site.write(MINIMAL.replace('requires = ["memcached"]', 'requires = ["memcached"]\nextra = ["no_such_directive on;"]'))
            refused = self.load_during(site, "apply", "--yes", expect=5)
            site.write(MINIMAL.replace('requires = ["memcached"]', 'requires = ["memcached"]\nkeepalive_timeout_s = 30'))
            # A reload closes idle kept-alive connections, and a client that writes into one at that moment loses it
            # (RFC 9112 9.5 lets it ask again; wrk does not). So here each request has its own connection.
            changed = self.load_during(site, "apply", "--yes", expect=0, headers=["Connection: close"])
            print(f"requests answered, none failed: {refused} during a refused change, {changed} during a change")


if __name__ == "__main__":
    unittest.main(verbosity=2)
