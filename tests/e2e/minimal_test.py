"""The main job on a real host: deploy, nothing to do, a hand edit, and back to before without a trace."""
import pathlib
import re
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from host_case import HostCase  # noqa: E402
from pages import bytes_answered, page  # noqa: E402
from wrightrun import MINIMAL, Site  # noqa: E402


class MinimalSite(HostCase):
    @classmethod
    def components(cls):
        return MINIMAL

    def test_1_plan_changes_nothing(self):
        out = self.site.run("plan")
        self.assertIn("nginx", out)
        self.assertEqual(self.site.run("plan", "--detailed-exitcode", expect=2), out)
        self.assert_unchanged(self.before, "planned")

    def test_2_apply_serves(self):
        self.site.run("apply", "--yes")
        address = self.address
        answer = page(address)
        self.assertIn("200 OK", answer)
        self.assertIn("It works", answer)
        welcome = page(address, path="/welcome/")
        self.assertIn("200 OK", welcome)
        self.assertIn("nginx", welcome)
        version = self.lab.on("host1", "/bin/bash", "-c",
                              "exec 3<>/dev/tcp/127.0.0.1/11211; printf 'version\\r\\n' >&3; read -r line <&3; echo $line")
        self.assertIn("VERSION", version)
        self.site.run("verify")

    def test_2_the_maintenance_switch(self):
        switch = self.root / "etc/nginx/maintenance/minimal.on"
        switch.touch()
        answers = [page(self.address, path=path) for path in ("/", "/welcome/")]
        switch.unlink()
        for answer in answers:
            self.assertIn("503 ", answer)
            self.assertIn("<h1>Back soon</h1>", answer)
        self.assertIn("It works", page(self.address))

    def test_2_requests_for_other_names_get_no_answer(self):
        right, wrong = "minimal.example.org", "other.example.org"
        address = self.address
        self.assertIn(b" 301 ", bytes_answered(address, 80, right))
        self.assertIn(b" 200 ", bytes_answered(address, 443, right, right))
        self.assertEqual(bytes_answered(address, 80, wrong), b"")
        self.assertEqual(bytes_answered(address, 80, address), b"")
        self.assertEqual(bytes_answered(address, 443, wrong, wrong), b"")
        self.assertEqual(bytes_answered(address, 443, right, wrong), b"")
        # The handshake is for the site, the request is not.
        self.assertEqual(bytes_answered(address, 443, wrong, right), b"")

    def test_3_second_apply_changes_nothing(self):
        before = self.snapshot("applied")
        out = self.site.run("apply", "--yes")
        self.assertIn("0 to create", out)
        self.site.run("plan", "--detailed-exitcode")
        self.assert_unchanged(before, "again")

    def test_4_hand_edit_is_shown_and_mended(self):
        conf = self.root / "etc/nginx/nginx.conf"
        conf.write_text(conf.read_text() + "# a hand edit\n")
        out = self.site.run("plan", "--detailed-exitcode", expect=2)
        self.assertIn("-# a hand edit", out)
        self.site.run("apply", "--yes")
        self.assertNotIn("hand edit", conf.read_text())
        self.site.run("plan", "--detailed-exitcode")

    def test_5_broken_option_leaves_the_old_one_serving(self):
        broken = MINIMAL.replace('requires = ["memcached"]', 'requires = ["memcached"]\nextra = ["no_such_directive on;"]')
        conf = (self.root / "etc/nginx/nginx.conf").read_text()
        self.site.write(broken)
        self.site.run("apply", "--yes", expect=5)
        self.assertIn("no_such_directive", self.site.errors)
        self.site.write(MINIMAL)
        self.assertEqual((self.root / "etc/nginx/nginx.conf").read_text(), conf)
        self.assertIn("It works", page(self.address))
        self.site.run("plan", "--detailed-exitcode")

    def test_6_a_component_that_leaves_the_site_is_pruned(self):
        only_nginx = MINIMAL.replace("[components.memcached]\nmemory_mb = 64\n", "").replace('requires = ["memcached"]', "")
        self.site.write(only_nginx)
        self.assertIn("memcached", self.site.run("plan", "--detailed-exitcode", expect=2))
        self.site.run("apply", "--yes")
        self.assertNotIn("memcached", self.lab.on("host1", "dpkg-query", "-W", "-f", "${Package} ${Status}\n"))
        self.assertIn("It works", page(self.address))
        self.site.write(MINIMAL)
        self.site.run("apply", "--yes")
        self.site.run("plan", "--detailed-exitcode")

    def test_7_another_sites_file_is_refused(self):
        with Site(self.lab, "[components.memcached]\n", name="other") as other:
            other.run("apply", "memcached", "--yes", expect=1)
            self.assertIn('belongs to the site "test"', other.errors)
        self.site.run("plan", "--detailed-exitcode")

    def test_8_a_changed_key_is_not_taken_by_a_yes(self):
        pins = self.site.folder / "known_hosts"
        right = pins.read_text()
        place, kind, key = right.split()[:3]
        wrong = f"{place} {kind} {key[:-8]}{'A' * 7}{'B' if key[-1] == 'A' else 'A'}\n"
        pins.write_text(wrong)
        self.site.run("plan", expect=8)
        self.site.run("trust", "web", "--yes", expect=8)
        self.assertIn("--replace", self.site.errors)
        self.assertEqual(pins.read_text(), wrong)
        self.site.run("trust", "web", "--yes", "--replace")
        self.site.run("plan", "--detailed-exitcode")

    def test_8_a_login_that_is_refused_has_its_own_exit_code(self):
        key = self.site.folder / "other_key"
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True, stdin=subprocess.DEVNULL)
        site = self.site.folder / "site.toml"
        right = site.read_text()
        site.write_text(re.sub(r'(?m)^key *=.*$', f'key = "{key}"', right))
        self.assertNotEqual(site.read_text(), right)
        self.site.run("plan", expect=8)
        self.assertIn("does not let root in", self.site.errors)
        self.assertIn(str(key), self.site.errors)
        site.write_text(right)
        self.site.run("plan", "--detailed-exitcode")

    def temporary(self):
        """What lies in /tmp, which no manifest has; a running service's private one goes with the service."""
        return sorted(name for name in self.lab.on("host1", "ls", "-A", "/tmp").split() if not name.startswith("systemd-private-"))

    def test_9_rollback_leaves_no_trace(self):
        self.lab("reset", "host1")
        temporary = self.temporary()
        before = self.snapshot("fresh")
        self.site.run("apply", "--yes")
        self.site.run("rollback", "--yes")
        self.assert_unchanged(before, "rolled-back")
        self.assertEqual(self.temporary(), temporary)


if __name__ == "__main__":
    unittest.main(verbosity=2)
