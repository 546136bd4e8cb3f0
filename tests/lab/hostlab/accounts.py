"""Users of a host, for what is not done as root."""

import re

from .machine import LabError

# The key comes on stdin: nothing of it has to survive quoting.
ADD = r"""
set -e
id "$1" >/dev/null 2>&1 || useradd --create-home --shell /bin/bash "$1"
install -d -m 0700 -o "$1" -g "$1" "/home/$1/.ssh"
cat >"/home/$1/.ssh/authorized_keys"
chown "$1:" "/home/$1/.ssh/authorized_keys"
printf '%s ALL=(ALL) NOPASSWD: ALL\n' "$1" >"/etc/sudoers.d/lab-$1"
chmod 0440 "/etc/sudoers.d/lab-$1"
"""


def add_user(host, user):
    if not re.fullmatch(r"[a-z][a-z0-9-]{0,30}", user):
        raise LabError(f"'{user}' is no name for a user: use small letters, digits and '-'")
    key = host.lab.key.with_suffix(".pub").read_text()
    host.execute("sh", "-c", ADD, "sh", user, input=key, stdin=None)
