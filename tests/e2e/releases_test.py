"""The minimal site on other releases of Debian. Each needs a base image, which takes a minute to make and 300 MB, so it runs only
for those that WRIGHT_RELEASES names: WRIGHT_RELEASES="bullseye trixie" tests/run --filter e2e.releases"""
import os
import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from pages import page  # noqa: E402
from wrightrun import LAB, MINIMAL, Lab, Site  # noqa: E402

RELEASES = os.environ.get("WRIGHT_RELEASES", "").split()
SKIPPED = 77


class OtherReleases(unittest.TestCase):
    maxDiff = None  # every path that differs

    def minimal(self, release):
        lab = Lab(f"{LAB}-{release}")
        self.addCleanup(lab, "down", check=False)
        lab("up", "1", "--release", release, timeout=1200)
        self.assertIn(f"VERSION_CODENAME={release}", (lab.root("host1") / "etc/os-release").read_text())
        with tempfile.TemporaryDirectory(prefix="wright-release-") as scratch, Site(lab, MINIMAL) as site:
            before = lab.snapshot("host1", pathlib.Path(scratch) / "before.json")
            site.run("apply", "--yes")
            self.assertIn("It works", page(lab.address("host1")))
            self.assertIn("0 to create", site.run("apply", "--yes"))
            site.run("plan", "--detailed-exitcode")
            site.run("verify")
            site.run("rollback", "--yes")
            after = lab.snapshot("host1", pathlib.Path(scratch) / "after.json")
            # useradd of Debian 11 makes the record of failed logins long enough for the new number.
            self.assertEqual(lab.differences(before, after, busy=["/var/log/faillog"]), "")

    def test_minimal_site(self):
        for release in RELEASES:
            with self.subTest(release=release):
                self.minimal(release)
                self.doCleanups()


if __name__ == "__main__":
    if not RELEASES:
        print("skipped: WRIGHT_RELEASES names no release, such as bullseye or trixie")
        sys.exit(SKIPPED)
    unittest.main(verbosity=2)
