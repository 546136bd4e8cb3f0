"""What a lab looks like: for people, for programs, for a site file."""

from .hosts import host_of


def as_data(lab):
    hosts = []
    for name in lab.names():
        host = host_of(lab, name)
        hosts.append({"name": name, "address": host.address, "port": 22, "user": "root", "running": host.init() is not None,
                      "root": str(host.root), "upper": str(host.upper), "console": str(host.console)})
    return {"name": lab.name, "release": lab.record["release"], "bridge": lab.bridge, "gateway": lab.gate,
            "network": f"10.213.{lab.slot}.0/24", "key": str(lab.key), "known_hosts": str(lab.known_hosts),
            "folder": str(lab.folder), "hosts": hosts}


def as_text(lab):
    data = as_data(lab)
    lines = [f"lab {data['name']}: {data['release']} on {data['bridge']}, {data['network']}",
             f"  key         {data['key']}", f"  known hosts {data['known_hosts']}"]
    for host in data["hosts"]:
        lines.append(f"  {host['name']:<11} {host['address']}  {'running' if host['running'] else 'off'}")
    return "\n".join(lines)


def as_site(lab, wanted):
    """[hosts.NAME] tables; `host1=web` gives host1 the name web."""
    tables = []
    for word in wanted or lab.names():
        name, _, alias = word.partition("=")
        host = host_of(lab, name)
        tables.append(f'[hosts.{alias or name}]\naddress = "{host.address}"\nport = 22\nuser = "root"\nkey = "{lab.key}"\n')
    return "\n".join(tables)
