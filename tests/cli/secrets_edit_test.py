"""`wright secrets edit`: clear text is in memory alone, and what goes wrong changes nothing."""
import os
import pathlib
import pty
import signal
import subprocess
import tempfile
import time
import unittest

from secrets_case import CANARY, MEMORY, SecretsCase
from wright_process import WRIGHT


class Edit(SecretsCase):
    def setUp(self):
        super().setUp()
        self.secrets("init")
        self.secrets("set", "db", stdin=CANARY.encode())

    def tearDown(self):
        self.assertEqual(self.edits() - self.edits_before, set(), "clear text is left in memory")

    def test_in_a_private_folder_in_memory(self):
        editor = self.editor('dirname "$1" > seen; stat -c %a "$1" >> seen; stat -c %a "$(dirname "$1")" >> seen\n'
                             'stat -f -c %T "$1" >> seen; echo "# kept" >> "$1"; sed -i s/db/database/ "$1"\n')
        self.secrets("edit", EDITOR=editor)
        folder, file_mode, folder_mode, system = (self.folder / "seen").read_text().split()
        self.assertEqual((file_mode, folder_mode, system), ("600", "700", "tmpfs"))
        self.assertFalse(pathlib.Path(folder).exists())
        self.assertEqual(self.values()["database"], CANARY)
        self.assertIn("# kept\n", self.clear_text())
        self.assertIn("Still without a value: db", self.err)

    def test_visual_goes_first_and_may_have_words(self):
        visual = self.editor('[ "$1" = --wait ] && touch used\n')
        self.secrets("edit", VISUAL=visual + " --wait", EDITOR="false")
        self.assertTrue((self.folder / "used").exists())
        self.assertIn("Nothing was changed", self.out)

    def test_no_editor_is_started_where_there_is_no_terminal(self):
        path = self.folder / "bin"
        path.mkdir()
        (path / "editor").write_text("#!/bin/sh\ntouch started\n")
        (path / "editor").chmod(0o700)
        self.secrets("edit", expect=64, PATH=f"{path}:{self.env['PATH']}")
        self.assertIn("EDITOR", self.err)
        self.assertFalse((self.folder / "started").exists())

    def test_what_is_wrong_keeps_the_old_file(self):
        before = self.store.read_bytes()
        for script, code in (f'echo "x = {CANARY}" >> "$1"', 65), ('echo "[x]" >> "$1"', 65), ("exit 3", 1), (
                'rm "$1"', 65), ('rm "$1"; ln -s /etc/hostname "$1"', 65), ("kill -9 $$", 1):
            with self.subTest(script):
                self.secrets("edit", expect=code, EDITOR=self.editor(script + "\n"))
                self.assertEqual(self.store.read_bytes(), before)

    def test_at_a_terminal_a_mistake_can_be_mended(self):
        # The first visit breaks the file, the second finds that and mends it.
        editor = self.editor('if grep -q "^broken" "$1"; then sed -i "s/^broken.*/mended = \\"yes\\"/" "$1"\n'
                             'else echo "broken" >> "$1"; fi\n')
        before = self.store.read_bytes()
        for answer, code, changed in (b"n\n", 65, False), (b"\n", 0, True):
            controller, terminal = pty.openpty()
            running = subprocess.Popen([WRIGHT, "secrets", "edit"], cwd=self.folder, env={**self.env, "EDITOR": editor},
                                       stdin=terminal, stdout=terminal, stderr=terminal, start_new_session=True)
            shown = b""
            while b"again?" not in shown:
                shown += os.read(controller, 4096)
            os.write(controller, answer)
            self.assertEqual(running.wait(timeout=60), code, shown)
            os.close(terminal)
            os.close(controller)
            self.assertEqual(self.store.read_bytes() != before, changed)
        self.assertEqual(self.values()["mended"], "yes")

    def test_of_two_at_once_the_second_is_refused(self):
        editor = self.editor('"$WRIGHT" secrets set db --generate || exit 9\nsed -i s/canary/other/ "$1"\n')
        self.secrets("edit", expect=1, EDITOR=editor, WRIGHT=WRIGHT)
        self.assertIn("was changed by somebody else meanwhile", self.err)
        self.assertRegex(self.values()["db"], "^[A-Za-z0-9]{50}$")

    def test_a_signal_leaves_nothing(self):
        before = self.store.read_bytes()
        editor = self.editor('echo "$1" > seen.new; mv seen.new seen; trap "" TERM\n'
                             'for i in $(seq 3000); do echo more >> "$1.backup"; sleep 0.01; done 2>/dev/null\n')
        for number in signal.SIGTERM, signal.SIGHUP:
            with self.subTest(number.name):
                seen = self.folder / "seen"
                seen.unlink(missing_ok=True)
                running = subprocess.Popen([WRIGHT, "secrets", "edit"], cwd=self.folder, env={**self.env, "EDITOR": editor},
                                           stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
                deadline = time.monotonic() + 30
                while not seen.exists() and time.monotonic() < deadline:
                    time.sleep(0.01)
                self.assertTrue(pathlib.Path(seen.read_text().strip()).exists())
                running.send_signal(number)
                out, err = running.communicate(timeout=30)
                self.assertEqual(running.returncode, 130, out + err)
                self.assertFalse(pathlib.Path(seen.read_text().strip()).parent.exists())
                self.assertEqual(self.store.read_bytes(), before)

    def test_the_editors_interrupt_key_does_not_end_wright(self):
        self.secrets("edit", EDITOR=self.editor('kill -INT $PPID; kill -QUIT $PPID; sed -i s/canary/other/ "$1"\n'))
        self.assertEqual(self.values()["db"], CANARY.replace("canary", "other"))

    def test_what_a_killed_one_left_goes_with_the_next(self):
        left = pathlib.Path(tempfile.mkdtemp(prefix="wright-edit.", dir=MEMORY))
        (left / "secrets.toml").write_text(CANARY)
        young = pathlib.Path(tempfile.mkdtemp(prefix="wright-edit.", dir=MEMORY))
        self.addCleanup(young.rmdir)
        os.utime(left, (0, 0))
        self.secrets("list")
        self.assertFalse(left.exists())
        self.assertTrue(young.exists())
        self.edits_before.add(young.name)


if __name__ == "__main__":
    unittest.main()
