"""How long a program takes, and what it sends and gets."""
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time


def timed(command, runs, cwd=None, expect=0):
    """Median and least seconds, and the largest resident set in MiB, of so many runs after one that does not count; and how many
    programs wanted a processor meanwhile, without which no two figures can be compared."""
    seconds, peak = [], 0
    for index in range(runs + 1):
        start = time.perf_counter()
        child = subprocess.Popen(command, cwd=cwd, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        errors = child.stderr.read()
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode != expect:
            sys.exit(f"bench: {' '.join(map(str, command))}: exit {child.returncode}\n{errors.decode(errors='replace')[-2000:]}")
        if index > 0:
            seconds.append(time.perf_counter() - start)
            peak = max(peak, usage.ru_maxrss / 1024)
    return {"median_s": statistics.median(seconds), "least_s": min(seconds), "peak_mib": peak, "runs": runs, "load": os.getloadavg()[0]}


def round_trips(command, address, cwd=None):
    """How often the program waited for an answer of the address on its longest connection: what it sent without waiting counts once."""
    calls = "trace=read,write,readv,writev,sendto,recvfrom,sendmsg,recvmsg"
    with tempfile.NamedTemporaryFile(prefix="wright-bench-") as trace:
        subprocess.run(["strace", "--follow-forks", "--decode-fds=all", "--quiet=all", "-e", calls, "-e", "signal=none", "--output", trace.name, *command],
                       cwd=cwd, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        lines = trace.read().decode(errors="replace").splitlines()
    socket = re.compile(r"^\d+ +(\w+)\(\d+<TCP:\[([^]]*->" + re.escape(address) + r":\d+)\]>.* = [1-9]\d*$")
    turns, last = {}, {}
    for line in lines:
        if not (found := socket.match(line)):
            continue
        sends, connection = found[1].startswith(("write", "send")), found[2]
        turns[connection] = turns.get(connection, 0) + (not sends and last.get(connection, False))
        last[connection] = sends
    return max(turns.values(), default=0)
