"""Settings of {{name}}. Written by wright: hand edits are reported by `wright plan` and replaced by the next apply."""
import os
import signal
import threading

{{settings}}

COMMAND = {{command}}
KEPT = ("HOME", "INVOCATION_ID", "JOURNAL_STREAM", "LANG", "LC_ALL", "LOGNAME", "NOTIFY_SOCKET", "PATH", "SHELL", "USER")
old_workers = [tuple(word.split(":")) for word in os.environ.pop("WRIGHT_OLD_WORKERS", "").split()]


def started(pid):
    """When it was started, which tells it from a later process of the same number; None when it is gone."""
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().rpartition(")")[2].split()[19]
    except OSError:
        return None


def end(pid, start, how):
    if started(pid) == start:
        os.kill(int(pid), how)


def on_reload(server):
    """A reload begins anew in the same process, with the sockets it has: code, packages, interpreter and environment are
    those of now, and the old workers answer until new ones can."""
    environment = {name: os.environ[name] for name in KEPT if name in os.environ}
    environment["GUNICORN_PID"] = str(os.getpid())
    environment["GUNICORN_FD"] = ",".join(str(listener.fileno()) for listener in server.LISTENERS)
    environment["WRIGHT_OLD_WORKERS"] = " ".join(f"{pid}:{started(pid)}" for pid in server.WORKERS)
    # Until the new one listens to signals, another request to reload would end it.
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    os.execve(COMMAND[0], COMMAND, environment)


def when_ready(server):
    """The release whose folder it was started in may be gone when it is told to reload."""
    os.chdir("/")


def post_fork(server, worker):
    os.chdir(worker.cfg.chdir)


def post_worker_init(worker):
    """Each worker that has loaded the application lets one of the old ones finish; the last one all that are left."""
    count = worker.cfg.workers
    first = worker.age - 1 if worker.age <= count else 0  # beyond, it stands for one that ended too early
    for pid, start in old_workers[first : worker.age if worker.age < count else None]:
        end(pid, start, signal.SIGTERM)
        late = threading.Timer(worker.cfg.graceful_timeout, end, (pid, start, signal.SIGKILL))
        late.daemon = True
        late.start()


{{extra}}
