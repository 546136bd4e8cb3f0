"""Words, options, help and exit codes that need no host."""
import json
import os
import signal
import socket
import subprocess
import unittest

from wright_process import ENVIRONMENT, GOOD, WRIGHT, WrightCase

COMMANDS = ["plan", "apply", "verify", "rollback", "status", "history", "facts", "trust", "secrets", "lint", "graph", "plugin", "docs",
            "help"]


class Help(WrightCase):
    def test_alone_and_asked_for(self):
        for words in [], ["--help"], ["-h"]:
            self.run_wright(*words, expect=0)
            for command in COMMANDS:
                self.assertIn(f"\n  {command} ", self.out)
            self.assertEqual(self.err, "")

    def test_of_each_command_wherever_it_is_asked_for(self):
        for command in COMMANDS:
            self.run_wright(command, "--help", expect=0)
            self.assertIn(f"Usage: wright {command}", self.out)
            first = self.out
            self.run_wright("--json", "-h", command, "--nonsense", expect=0)
            self.assertEqual(self.out, first)

    def test_is_a_command_too(self):
        self.run_wright("--help", expect=0)
        general = self.out
        self.run_wright("help", expect=0)
        self.assertEqual(self.out, general)
        self.run_wright("plan", "--help", expect=0)
        of_plan = self.out
        self.run_wright("help", "plan", expect=0)
        self.assertEqual(self.out, of_plan)
        self.run_wright("help", "aply", expect=64)
        self.assertIn('did you mean "apply"?', self.err)

    def test_shows_what_the_command_takes_and_no_more(self):
        self.run_wright("plan", "--help", expect=0)
        self.assertIn("--detailed-exitcode", self.out)
        self.assertNotIn("--yes", self.out)

    def test_version(self):
        self.run_wright("--version", expect=0)
        self.assertRegex(self.out, r"^wright \d+\.\d+\.\d+\n$")


class Usage(WrightCase):
    def wrong(self, *words):
        self.run_wright(*words, expect=64)
        self.assertEqual(self.out, "")
        return self.err

    def test_unknown_command_is_suggested_never_run(self):
        self.assertIn('did you mean "apply"?', self.wrong("aply", "--yes"))

    def test_unknown_option_is_suggested(self):
        self.assertIn("did you mean --limit?", self.wrong("plan", "--limt", "web"))

    def test_beginnings_of_options_are_not_options(self):
        self.site(GOOD)
        self.wrong("apply", "--ye")
        self.wrong("plan", "--verb")

    def test_options_of_other_commands_are_refused(self):
        self.assertIn("takes no --yes", self.wrong("plan", "--yes"))
        self.assertIn("takes no --junit", self.wrong("apply", "--yes", "--junit", "x"))

    def test_values(self):
        self.wrong("plan", "--site")
        self.assertIn("auto|always|never", self.wrong("plan", "--color", "pink"))
        self.wrong("apply", "--yes", "--on-failure", "ignore")
        self.wrong("apply", "--yes", "--lock-timeout", "soon")
        self.wrong("history", "--count", "-1")
        self.wrong("plan", "--limit", ",")

    def test_words(self):
        self.wrong("trust")
        self.assertIn("next: wright lint\n", self.wrong("lint", "extra"))
        self.assertIn('did you mean "list"?', self.wrong("plugin", "lst"))

    def test_apply_without_terminal_says_yes(self):
        self.site(GOOD)
        for command in "apply", "rollback":
            self.assertIn("--yes", self.wrong(command))

    def test_unknown_component_and_host(self):
        self.site(GOOD)
        self.assertIn('did you mean "nginx"?', self.wrong("plan", "ngnix"))
        self.assertIn('did you mean "web"?', self.wrong("plan", "--limit", "wbe"))
        self.assertIn('did you mean "web"?', self.wrong("trust", "wbe"))


class Offline(WrightCase):
    def test_missing_site_file_is_named(self):
        self.assertNotEqual(self.run_wright("lint"), 0)
        self.assertIn("site.toml", self.err)
        self.assertIn("--site FILE", self.err)

    def test_suggested_commands_name_the_site_file_in_use(self):
        with_secrets = GOOD.replace('name = "shop"', 'name = "shop"\nsecrets = "secrets.age"', 1)
        self.site(with_secrets, "my site.toml")
        self.assertNotEqual(self.run_wright("secrets", "list", "--site", "my site.toml"), 0)
        self.assertIn("next: wright --site 'my site.toml' secrets init\n", self.err)
        self.run_wright("secrets", "list", "--site", "my site.toml", "--json")
        self.assertEqual(json.loads(self.out.splitlines()[0])["next"], "wright --site 'my site.toml' secrets init")
        self.site(with_secrets)
        self.run_wright("secrets", "list")
        self.assertIn("next: wright secrets init\n", self.err)

    def test_a_plan_that_cannot_be_saved_is_not_made(self):
        self.site(GOOD)
        for out in "nowhere/x.plan", ".":
            self.run_wright("plan", "--out", out, expect=64)
            self.assertIn(out, self.err)
        self.assertEqual([path.name for path in self.folder.iterdir()], ["site.toml"], "something was done")

    def test_a_saved_plan_is_applied_without_a_question(self):
        self.site(GOOD)
        self.assertNotEqual(self.run_wright("apply", "--plan", "none.plan"), 0)
        self.assertIn("none.plan", self.err)
        self.assertNotIn("--yes", self.err)

    def test_lint(self):
        self.site(GOOD)
        self.run_wright("lint", expect=0)
        self.assertIn("in order, 2 components on 1 host\n", self.out)
        self.assertIn("wright plan", self.err)

    def test_site_option_before_or_after_the_command(self):
        self.site(GOOD, "other.toml")
        self.run_wright("--site", "other.toml", "lint", expect=0)
        self.run_wright("lint", "--site=other.toml", expect=0)

    def test_graph(self):
        self.site(GOOD)
        self.run_wright("graph", expect=0)
        self.assertEqual(self.out, "memcached on web\nnginx on web, requires memcached\n")
        self.run_wright("graph", "--format", "dot", expect=0)
        self.assertIn('"memcached" -> "nginx"', self.out)
        self.run_wright("graph", "--json", expect=0)
        self.assertEqual(json.loads(self.out.splitlines()[0])["components"][1]["requires"], ["memcached"])

    def test_plugins(self):
        self.run_wright("plugin", "list", expect=0)
        self.assertIn("memcached", self.out)
        self.run_wright("plugin", "inspect", "nginx", expect=0)
        self.assertIn("server_names", self.out)
        self.run_wright("docs", "nginx.sites.tls", expect=0)
        self.assertIn("self-signed", self.out)
        self.assertEqual(self.run_wright("docs", "nginx.sites.tsl"), 64)
        self.assertIn('did you mean "tls"?', self.err)

    def test_json_is_one_object_a_line_and_ends_with_the_code(self):
        self.site(GOOD.replace("memory_mb", "memory_bm"))
        self.run_wright("lint", "--json", expect=65)
        lines = [json.loads(line) for line in self.out.splitlines()]
        self.assertTrue(all(line["schema"] == 1 for line in lines))
        self.assertEqual(lines[0]["type"], "diagnostic")
        self.assertIn("site.toml:8:1", lines[0]["where"])
        self.assertEqual(lines[-1], {"schema": 1, "type": "end", "exit_code": 65})

    def test_colours_only_when_wanted(self):
        self.run_wright("nonsense", env={**ENVIRONMENT, "TERM": "xterm"})
        self.assertNotIn("\x1b", self.err)
        self.site("x")
        self.run_wright("lint", "--color", "always")
        self.assertIn("\x1b[31m", self.err)
        self.run_wright("lint", env={**ENVIRONMENT, "NO_COLOR": "1", "TERM": "xterm"})
        self.assertNotIn("\x1b", self.err)

    def test_a_reader_that_leaves_is_no_error(self):
        for words in ["--help"], ["plugin", "inspect", "nginx"], ["docs", "nginx"]:
            read, write = os.pipe()
            os.close(read)
            done = subprocess.run([WRIGHT, *words], cwd=self.folder, env=ENVIRONMENT, stdin=subprocess.DEVNULL, stdout=write,
                                  stderr=subprocess.PIPE, timeout=60)
            os.close(write)
            self.assertEqual((done.returncode, done.stderr), (0, b""))


class Hosts(WrightCase):
    def test_unreachable_host_has_its_code(self):
        with socket.socket() as closed:  # bound and not listening: refused at once
            closed.bind(("127.0.0.1", 0))
            self.site(GOOD.replace('"192.0.2.10"', f'"127.0.0.1"\nport = {closed.getsockname()[1]}'))
            for command in ["plan"], ["status"], ["apply", "--yes"]:
                self.run_wright(*command, expect=4)
                self.assertIn("web", self.err)

    def test_a_signal_while_nothing_changes_ends_it_at_once(self):
        with socket.socket() as silent:  # accepts, and never says a word
            silent.bind(("127.0.0.1", 0))
            silent.listen()
            silent.settimeout(20)
            self.site(GOOD.replace('"192.0.2.10"', f'"127.0.0.1"\nport = {silent.getsockname()[1]}'))
            running = subprocess.Popen([WRIGHT, "apply", "--yes"], cwd=self.folder, env=ENVIRONMENT,
                                       stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            connection, _ = silent.accept()
            running.send_signal(signal.SIGINT)
            _, err = running.communicate(timeout=20)
            connection.close()
            self.assertEqual(running.returncode, 130)
            self.assertIn(b"interrupted", err)


if __name__ == "__main__":
    unittest.main()
