"""Asks the workers of a Celery application. Read from standard input by the application's Python, in its surroundings:

ping APP SECONDS NODE...         every node answers
call APP SECONDS TASK ARGUMENTS QUEUE...    a task goes through every queue, "" being the application's own, and its result comes back
drain APP SECONDS NODE...        the nodes take nothing new until what they have is done
"""
import json
import os
import socket
import sys
import time

from celery.app.utils import find_app
from celery.exceptions import TimeoutError

sys.path.insert(0, os.getcwd())
verb, name, seconds, *words = sys.argv[1:]
app = find_app(name)
deadline = time.monotonic() + float(seconds)


def nodes():
    return [word.replace("%h", socket.gethostname()) for word in words]


def ask(timeout=1.0):
    return app.control.inspect(destination=nodes(), timeout=timeout, limit=len(words))


def ping():
    silent = set(nodes())
    while silent and time.monotonic() < deadline:
        silent -= set(ask().ping() or {})
    if silent:
        sys.exit(f"no answer from {', '.join(sorted(silent))}")
    print("all nodes answer")


def call():
    task, arguments, *queues = words
    arguments = json.loads(arguments)
    # An unread one of these must not be done after nobody waits for it any more.
    sent = [(queue, app.send_task(task, args=arguments, queue=queue or None, expires=float(seconds), ignore_result=False))
            for queue in queues]
    for queue, result in sent:
        way = queue or "the default queue"
        try:
            value = result.get(timeout=max(deadline - time.monotonic(), 0.1))
        except TimeoutError:
            sys.exit(f"no result through {way} after {seconds} s")
        print(f"result through {way}: {json.dumps(value, default=str)}")


def drain():
    queues = {node: [queue["name"] for queue in active] for node, active in (ask().active_queues() or {}).items()}
    try:
        for node, names in queues.items():
            for queue in names:
                app.control.cancel_consumer(queue, destination=[node], reply=True, timeout=1, limit=1)
        while True:
            busy = sum(len(tasks) for held in (ask().active(), ask().reserved()) for tasks in (held or {}).values())
            if busy == 0:
                return
            if time.monotonic() >= deadline:
                sys.exit(f"{busy} tasks are not done after {seconds} s")
            time.sleep(0.2)
    finally:
        # Whoever is not stopped after this goes on working.
        for node, names in queues.items():
            for queue in names:
                app.control.add_consumer(queue, destination=[node])


{"ping": ping, "call": call, "drain": drain}[verb]()
