"""The variants of the sample master server that its README describes, by the commands it gives for them."""
import shutil
import subprocess
import unittest
import pathlib

from wright_process import WrightCase

SAMPLE = pathlib.Path(__file__).resolve().parents[2] / "configs" / "raycrafter"


class Variants(WrightCase):
    def command(self, with_word):
        [command] = [line.strip() for line in (SAMPLE / "README.md").read_text().splitlines() if line.startswith("    sed ") and with_word in line]
        subprocess.run(["sh", "-c", command], cwd=self.folder, check=True)

    def needed_by(self, component):
        self.run_wright("graph", expect=0)
        [line] = [line for line in self.out.splitlines() if line.startswith(component + " on ")]
        return line.partition("requires ")[2].split(", ")

    def setUp(self):
        super().setUp()
        shutil.copy(SAMPLE / "site.toml", self.folder)

    def test_without_the_logging_server(self):
        self.command("logging")
        self.run_wright("lint", expect=0)
        self.assertNotIn("graylog", self.out + (self.folder / "site.toml").read_text())

    def test_under_supervisor(self):
        self.assertNotIn("supervisor", self.needed_by("gunicorn"))
        self.command("supervisor")
        self.command("logging")  # its sources have no keys yet
        self.run_wright("lint", expect=0)
        for component in ("gunicorn", "celery"):
            self.assertIn("supervisor", self.needed_by(component))


class Readme(WrightCase):
    def test_its_site_file_is_one(self):
        text = (SAMPLE.parents[1] / "README.md").read_text()
        block = text.partition("```toml\n")[2].partition("```")[0]
        self.assertIn("[components.nginx]", block)
        (self.folder / "site.toml").write_text(block)
        self.run_wright("lint", expect=0)


if __name__ == "__main__":
    unittest.main()
