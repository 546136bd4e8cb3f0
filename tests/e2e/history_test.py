"""What wright remembers of a host, by its real commands: status, history, a plan saved for later, and back to any transaction."""
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from host_case import HostCase  # noqa: E402


def memcached(memory):
    return f"[components.memcached]\nmemory_mb = {memory}\n"


class Remembered(HostCase):
    @classmethod
    def components(cls):
        return memcached(64)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.conf = cls.root / "etc/memcached.conf"
        cls.saved = str(cls.folder / "plan")

    def transactions(self):
        """Newest first."""
        return next(e for e in self.site.events("history") if e["type"] == "history")["transactions"]

    def status(self):
        return next(e for e in self.site.events("status") if e["type"] == "status")

    def test_1_of_a_fresh_host_nothing_is_known(self):
        self.assertEqual(self.transactions(), [])
        self.assertEqual(self.status()["components"], [])
        self.assertIn("no transactions", self.site.run("history"))

    def test_2_a_saved_plan_is_applied_without_a_question(self):
        shown = self.site.run("plan", "--out", self.saved)
        self.assertIn("memcached", shown)
        self.assertEqual(pathlib.Path(self.saved).stat().st_mode & 0o777, 0o600)
        self.assert_unchanged(self.before, "planned")
        self.site.run("apply", "--plan", self.saved)
        self.site.run("plan", "--detailed-exitcode")

    def test_3_status_and_history_tell_it(self):
        (newest,) = self.transactions()
        self.assertEqual((newest["state"], newest["kind"], newest["components"]), ("committed", "apply", ["memcached"]))
        (component,) = self.status()["components"]
        self.assertEqual((component["name"], component["transaction"]), ("memcached", newest["id"]))
        self.assertIn("file:/etc/memcached.conf", component["resources"])
        for command in "status", "history":
            self.assertIn(newest["id"], self.site.run(command), command)

    def test_3_json_lines_are_what_the_page_says(self):
        """Site.run compares each; here: that none of those about hosts is never written."""
        types = {line["type"] for command in (("plan",), ("apply", "--yes"), ("verify",), ("status",), ("history",), ("facts",))
                 for line in self.site.events(*command)}
        self.assertEqual(types, {"event", "plan", "summary", "outcome", "status", "history", "facts", "end"})

    def test_4_a_saved_plan_is_refused_after_a_hand_edit(self):
        self.site.write(memcached(128))
        self.site.run("plan", "--out", self.saved)
        self.conf.write_text(self.conf.read_text() + "# a hand edit\n")
        edited = self.snapshot("edited")
        self.site.run("apply", "--plan", self.saved, expect=1)
        self.assertIn("file:/etc/memcached.conf", self.site.errors)
        self.assertIn("plan again", self.site.errors)
        self.assert_unchanged(edited, "refused")
        self.assertEqual(len(self.transactions()), 1)

    def test_5_a_saved_plan_that_would_change_nothing_is_still_a_promise(self):
        self.site.run("apply", "--yes")
        self.site.run("plan", "--out", self.saved)
        right = self.conf.read_text()
        self.conf.write_text(right + "# another hand edit\n")
        self.site.run("apply", "--plan", self.saved, expect=1)
        self.assertIn("file:/etc/memcached.conf", self.site.errors)
        self.conf.write_text(right)
        self.site.run("apply", "--plan", self.saved)

    def test_6_back_to_before_the_first_of_several(self):
        self.site.write(memcached(256))
        changes = [change for line in self.site.events("apply", "--yes") if line["type"] == "plan" for change in line["changes"]]
        self.assertTrue(any(attribute["diff"] for change in changes for attribute in change["attributes"]), changes)
        first = self.transactions()[-1]
        self.assertEqual(len(self.transactions()), 3)
        self.site.run("rollback", "--to", "no-such-transaction", "--yes", expect=64)
        undone = next(line for line in self.site.events("rollback", "--to", first["id"], "--yes") if line["type"] == "plan")["undoes"]
        self.assertEqual(len(undone), 3)
        self.assert_unchanged(self.before, "back")
        self.assertEqual(self.status()["components"], [])

    def test_7_a_full_disk_is_no_hindrance_to_go_back(self):
        self.lab.on("host1", "mount", "-t", "tmpfs", "-o", "size=64m,mode=700", "none", "/var/lib/wright")
        self.addCleanup(self.lab.on, "host1", "umount", "/var/lib/wright", check=False)
        self.site.write(memcached(64))
        self.site.run("apply", "--yes")
        self.lab.on("host1", "sh", "-c", "cat /dev/zero >/var/lib/wright/full; sync", check=False)
        self.assertEqual(self.lab.on("host1", "df", "--output=avail", "/var/lib/wright").split()[1], "0")
        self.site.write(memcached(128))
        self.site.run("apply", "--yes", expect=1)
        self.assertIn("no space", self.site.errors)
        self.site.run("rollback", "--yes")
        self.assertEqual(self.status()["components"], [])
        self.lab.on("host1", "umount", "/var/lib/wright")
        self.assert_unchanged(self.before, "back again")

    def test_7_a_saved_plan_of_one_component_needs_no_words_again(self):
        both = memcached(64) + '[components.nginx]\nsites = [{ name = "page", server_names = ["page.example.org"], tls = "off" }]\n'
        self.site.write(both.replace("64", "65"))
        self.site.run("plan", "memcached", "--out", self.saved)
        self.site.run("apply", "nginx", "--plan", self.saved, expect=64)
        self.assertIn("it was made with: memcached", self.site.errors)
        self.site.run("apply", "--plan", self.saved)
        self.assertIn("-m 65", self.conf.read_text())
        self.assertFalse((self.root / "etc/nginx").exists())


if __name__ == "__main__":
    unittest.main(verbosity=2)
