"""A program on a terminal of its own, as a person has it in front of them."""
import os
import pty
import select
import signal
import time


class Terminal:
    """Runs the command on a new terminal, which is its standard input, output and error. Use as a context."""

    def __init__(self, command, folder):
        self.text = ""  # all that was written so far
        self._read = 0  # what of it was awaited already
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            os.chdir(folder)
            os.execv(command[0], command)
        self.code = None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.code is None:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        os.close(self.terminal)

    def _more(self, deadline):
        ready, _, _ = select.select([self.terminal], [], [], max(0, deadline - time.monotonic()))
        if not ready:
            raise AssertionError(f"nothing more came in time; so far:\n{self.text[-3000:]}")
        try:
            piece = os.read(self.terminal, 65536)
        except OSError:  # EIO: the program ended
            piece = b""
        self.text += piece.decode(errors="replace")
        return bool(piece)

    def await_text(self, text, seconds=120):
        """Waits for it in what came since the last call."""
        deadline = time.monotonic() + seconds
        while text not in self.text[self._read:]:
            if not self._more(deadline):
                raise AssertionError(f"it ended without {text!r}:\n{self.text[-3000:]}")
        self._read = self.text.index(text, self._read) + len(text)

    def answer(self, line):
        os.write(self.terminal, line.encode() + b"\n")

    def end(self, seconds=300):
        """Waits for the end; its exit code."""
        deadline = time.monotonic() + seconds
        while self._more(deadline):
            pass
        _, status = os.waitpid(self.pid, 0)
        self.code = os.waitstatus_to_exitcode(status)
        return self.code
