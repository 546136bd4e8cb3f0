"""What `--json` writes of everything that needs no host is what sdk/docs/json-lines.md says."""
import json
import unittest

from wright_process import ENVIRONMENT, GOOD, WrightCase

SITE = GOOD.replace('name = "shop"\n', 'name = "shop"\nsecrets = "secrets.age"\n', 1)


class JsonLines(WrightCase):
    def lines(self, *words):
        self.run_wright(*words, "--json", env={**ENVIRONMENT, "HOME": str(self.folder)})
        return [json.loads(line) for line in self.out.splitlines()]

    def test_each_command(self):
        self.site(SITE)
        for words, kind in {("graph",): "graph", ("plugin", "list"): "plugins", ("plugin", "inspect", "nginx"): "plugin",
                            ("docs", "postgresql"): "plugin", ("secrets", "init"): "secrets_init", ("lint",): "lint",
                            ("secrets", "set", "one", "--generate"): "secret_set", ("secrets", "list"): "secrets",
                            ("secrets", "rekey"): "secrets_rekeyed", ("help",): "help"}.items():
            with self.subTest(words):
                lines = self.lines(*words)
                self.assertEqual([line["type"] for line in lines], [kind, "end"], self.err)
                self.assertEqual(lines[-1]["exit_code"], 0, self.err)

    def test_a_problem(self):
        self.site(SITE + "[hosts.web]\n")
        lines = self.lines("plan")
        self.assertEqual([line["type"] for line in lines], ["diagnostic", "end"])


if __name__ == "__main__":
    unittest.main(verbosity=2)
