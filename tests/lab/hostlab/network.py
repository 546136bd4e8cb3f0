"""A bridge with a private /24 for each lab."""

import ipaddress
import json

from . import cgroup
from .machine import LabError, run
from .state import all_labs

SLOTS = 200


def links():
    return {link["ifname"]: link for link in json.loads(run("ip", "-j", "link").stdout)}


def free_slot():
    """The first number whose bridge, subnet and control group nobody has; call with the machine-wide lock held."""
    taken = {lab.slot for lab in all_labs()}
    present = links()
    routes = []
    for route in json.loads(run("ip", "-j", "route").stdout):
        if route["dst"] != "default":
            routes.append(ipaddress.ip_network(route["dst"], strict=False))
    for slot in range(SLOTS):
        subnet = ipaddress.ip_network(f"10.213.{slot}.0/24")
        if slot in taken or f"wrlab{slot}" in present or any(subnet.overlaps(r) for r in routes):
            continue
        if not cgroup.processes(f"lab{slot}"):
            return slot
    raise LabError(f"all {SLOTS} networks of the lab are taken: look at tests/lab/lab list --all")


def ensure_bridge(lab):
    if lab.bridge not in links():
        run("ip", "link", "add", lab.bridge, "type", "bridge")
        run("ip", "address", "add", f"{lab.gate}/24", "dev", lab.bridge)
    run("ip", "link", "set", lab.bridge, "up")


def remove_bridge(lab):
    if lab.bridge in links():
        run("ip", "link", "delete", lab.bridge)


def ensure_tap(host):
    """The bridge's end of a machine's cable; it stays when qemu ends, and a cable that was pulled stays pulled."""
    if host.link not in links():
        run("ip", "tuntap", "add", "dev", host.link, "mode", "tap")
        run("ip", "link", "set", host.link, "master", host.lab.bridge)
        run("ip", "link", "set", host.link, "up")


def remove_tap(host):
    if host.link in links():
        run("ip", "link", "delete", host.link)


def set_link(host, up):
    """A host's cable, pulled or plugged in at the bridge's end."""
    if host.link not in links():
        raise LabError(f"{host.name} has no link now: is it running? tests/lab/lab boot {host.name}")
    run("ip", "link", "set", host.link, "up" if up else "down")
