"""Every option of memcached on a real host."""
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from host_case import HostCase  # noqa: E402

OVER_THE_NETWORK = '''
[components.memcached]
listen = ["127.0.0.1", "ADDRESS"]
port = 11311
udp_port = 11311
memory_share = 0.01
connections = 64
threads = 2
item_size_kb = 2048
user = "nobody"
logfile = "/var/log/cache.log"
verbosity = 1
extra = ["-o modern"]
'''
BY_SOCKET = '''
[components.memcached]
socket = "/run/memcached/cache.sock"
socket_mode = "0777"
'''
ASK = "print $s qq(stats settings\\r\\nquit\\r\\n); print while <$s>"


class Memcached(HostCase):
    @classmethod
    def components(cls):
        return OVER_THE_NETWORK.replace("ADDRESS", cls.address)

    def settings(self, kind, *where):
        """What the server says of itself to a client on the host."""
        out = self.lab.on("host1", "perl", f"-MIO::Socket::{kind}", "-e", f"$s = IO::Socket::{kind}->new(@ARGV) or die $!; {ASK}", *where)
        return dict(line.split(" ", 2)[1:] for line in out.splitlines() if line.startswith("STAT "))

    def test_1_over_the_network(self):
        self.site.run("apply", "--yes")
        self.site.run("verify")
        self.assertIn("0 to create, 0 to change, 0 to remove", self.site.run("apply", "--yes"))
        has = self.settings("INET", "PeerAddr", self.address, "PeerPort", "11311")
        wanted = {"maxconns": "64", "num_threads": "2", "item_size_max": str(2 << 20), "udpport": "11311", "verbosity": "1"}
        self.assertEqual({name: has[name] for name in wanted}, wanted)
        self.assertGreaterEqual(int(has["maxbytes"]), 8 << 20)
        self.assertEqual(self.lab.on("host1", "ps", "-o", "user=", "-C", "memcached").strip(), "nobody")

    def test_2_by_a_socket(self):
        self.site.write(BY_SOCKET)
        self.site.run("apply", "--yes")
        self.site.run("verify")
        self.assertEqual(self.settings("UNIX", "Peer", "/run/memcached/cache.sock")["umask"], "777")
        listening = self.lab.on("host1", "cat", "/proc/net/tcp")
        self.assertNotIn(f":{11211:04X} ", listening)

    def test_3_gone_from_the_site_leaves_nothing(self):
        self.site.write("")
        self.site.run("apply", "--yes")
        self.assert_unchanged(self.before, "after")


if __name__ == "__main__":
    unittest.main(failfast=True, verbosity=2)
