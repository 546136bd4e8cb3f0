"""Site files that are wrong in every way end with 65, a place, and nothing done."""
import unittest

from wright_process import GOOD, WrightCase

# name: the file, the place that must be named, a word that must be said
HOSTILE = {
    "not toml": ("[site\nname = 1\n", "site.toml:1:", ""),
    "binary": (b"\x7fELF\x02\x01\x01\x00\xff\xfe" * 40, "site.toml:1:", ""),
    "deep nesting": ("x = " + "[" * 20000, "site.toml:", ""),
    "unknown key": (GOOD.replace("memory_mb", "memory_bm"), "site.toml:8:1", 'did you mean "memory_mb"?'),
    "wrong type": (GOOD.replace("64", '"much"'), "site.toml:8:", "integer"),
    "out of range": (GOOD.replace("64", "-5"), "site.toml:8:", "memory_mb"),
    "unknown plugin": (GOOD.replace("[components.memcached]", "[components.memcachd]\nplugin = \"memcachd\"").replace(
        '["memcached"]', '["memcachd"]'), "site.toml:8:", 'did you mean "memcached"?'),
    "unknown host": (GOOD.replace("memory_mb = 64", 'hosts = ["wbe"]'), "site.toml:8:", 'did you mean "web"?'),
    "cycle": (GOOD.replace("memory_mb = 64", 'requires = ["nginx"]'), "site.toml:", "->"),
    "duplicate host": (GOOD + '\n[hosts.web]\naddress = "192.0.2.11"\n', "site.toml:14:",
                       "this name stands in line 4 already"),
    "duplicate host beside another problem": (GOOD + '\n[hosts.web]\n[components.nginx2]\nplugin = "ngnix"\n', "site.toml:16:",
                                              'did you mean "nginx"?'),
    "bad reference": (GOOD.replace('"shop.example.org"', '"${nothing.at.all}"'), "site.toml:12:", "nothing"),
    "missing secret": (GOOD.replace('"shop.example.org"', '"${secret.name}"'), "site.toml:12:", "name"),
    "option injection in an address": (GOOD.replace("192.0.2.10", "-oProxyCommand=touch${IFS}owned"), "site.toml:5:", ""),
    "escape sequences": (GOOD.replace("memory_mb", '"\\u001b[2Jm"'), "site.toml:8:", ""),
    "secret without a file": (GOOD + '\n[components.rabbitmq]\nadmin_password = "${secret.admin}"\n', "site.toml:15:",
                              '"admin" has no value'),
    "missing required": (GOOD.replace('server_names = ["shop.example.org"], ', ""), "site.toml:12:", "server_names"),
}


# What plugins say of their options and of each other. A plan asks the hosts too and says the same.
WRONG_FOR_A_PLUGIN = {
    "bad export": (GOOD.replace('"shop.example.org"', '"${memcached.adress}"'), "site.toml:12:",
                   'did you mean "address"?'),
    "files without files": (GOOD.replace('"self-signed"', '"files"'), "site.toml:12:", '"sites[0].tls": '),
    "bad server name": (GOOD.replace("shop.example.org", "a b"), "site.toml:12:", '"sites[0].server_names[0]": '),
}


class HostileSites(WrightCase):
    def test_each_is_refused_at_its_place(self):
        for name, (content, place, word) in HOSTILE.items():
            with self.subTest(name):
                self.site(content)
                for command in ["lint"], ["plan"], ["apply", "--yes"]:
                    self.run_wright(*command, expect=65)
                    self.assertIn(place, self.err)
                    self.assertIn(word, self.err)
                    self.assertNotIn("\x1b", self.err)
                    self.assertEqual(self.out, "")
                self.assertEqual([path.name for path in self.folder.iterdir()], ["site.toml"], "something was done")

    def test_lint_asks_the_plugins(self):
        for name, (content, place, word) in WRONG_FOR_A_PLUGIN.items():
            with self.subTest(name):
                self.site(content)
                self.run_wright("lint", expect=65)
                self.assertIn(place, self.err)
                self.assertIn(word, self.err)
                self.assertEqual([path.name for path in self.folder.iterdir()], ["site.toml"], "something was done")

    def test_wrong_options_are_told_beside_what_is_wrong_with_the_site(self):
        for name, wrong in ("unknown component", '["memcachd"]'), ("cycle", '["nginx"]'), ("unknown host", '[]\nhosts = ["wbe"]'):
            with self.subTest(name):
                self.site(GOOD.replace("memory_mb = 64", "memory_bm = 1").replace('["memcached"]', wrong))
                for command in ["lint"], ["plan"]:
                    self.run_wright(*command, expect=65)
                    self.assertIn('did you mean "memory_mb"?', self.err)
                    self.assertGreater(self.err.count(": error: "), 1)

    def test_every_problem_at_once(self):
        self.site(GOOD.replace("memory_mb = 64", "memory_bm = 1\nport = 99999999").replace("self-signed", "sometimes"))
        self.run_wright("lint", expect=65)
        for place in "site.toml:8:", "site.toml:9:", "site.toml:13:":
            self.assertIn(place, self.err)


if __name__ == "__main__":
    unittest.main()
