"""What makes a host this host: name, address, machine id, ssh host keys. Kept beside the disk, so a reset keeps it."""

import secrets
import shutil

from .machine import run

KEY_TYPES = ("ed25519", "ecdsa")


def _folder(host):
    """Makes the identity on first use."""
    folder = host.folder / "identity"
    if not (folder / "machine-id").exists():
        folder.mkdir(parents=True, exist_ok=True)
        for kind in KEY_TYPES:
            key = folder / f"ssh_host_{kind}_key"
            key.unlink(missing_ok=True)
            run("ssh-keygen", "-q", "-t", kind, "-N", "", "-C", host.name, "-f", key)
        (folder / "machine-id").write_text(secrets.token_hex(16) + "\n")
    return folder


def write(host):
    """Writes the identity into the mounted, not yet booted disk."""
    etc, kept = host.root / "etc", _folder(host)
    (etc / "hostname").write_text(host.name + "\n")
    (etc / "hosts").write_text(f"127.0.0.1 localhost\n{host.address} {host.name}\n")
    shutil.copyfile(kept / "machine-id", etc / "machine-id")
    for kind in KEY_TYPES:
        for name, mode in ((f"ssh_host_{kind}_key", 0o600), (f"ssh_host_{kind}_key.pub", 0o644)):
            shutil.copyfile(kept / name, etc / "ssh" / name)
            (etc / "ssh" / name).chmod(mode)
    allowed = host.root / "root/.ssh/authorized_keys"
    shutil.copyfile(f"{host.lab.key}.pub", allowed)
    allowed.chmod(0o600)
    # The address outlives a pulled cable, as on a switch: connections then stall instead of being refused.
    (etc / "systemd/network/10-host0.network").write_text(
        f"[Match]\nName=host0\n\n[Link]\nRequiredForOnline=no\n\n[Network]\nAddress={host.address}/24\n"
        "LinkLocalAddressing=no\nConfigureWithoutCarrier=yes\nIgnoreCarrierLoss=yes\n")


def ensure_lab_key(lab):
    if not lab.key.exists():
        run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", f"lab-{lab.name}", "-f", lab.key)


def write_known_hosts(lab, hosts):
    lines = []
    for host in hosts:
        for kind in KEY_TYPES:
            algorithm, key = (_folder(host) / f"ssh_host_{kind}_key.pub").read_text().split()[:2]
            lines.append(f"{host.address} {algorithm} {key}\n")
    lab.known_hosts.write_text("".join(lines))
