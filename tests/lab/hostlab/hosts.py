"""Which kind of host a lab has."""

from .host import Host
from .vm import Machine


def host_of(lab, name):
    return (Machine if lab.record.get("machine") else Host)(lab, name)
