"""elasticsearch and opensearch, with the paths of their vendors' packages."""

import re
import shutil
import zipfile

from . import archive, fetching

ELASTICSEARCH = ("6.2.4", "6.8.23")
OPENSEARCH = ("2.19.4",)

# What one module's code builds on that of another, and what it may do.
EXTENDS = {"analysis-common": "lang-painless", "ingest-common": "lang-painless"}
POLICIES = {
    "lang-painless": """\
grant {
  permission java.lang.RuntimePermission "createClassLoader";
  permission java.lang.RuntimePermission "getClassLoader";
};
""",
    "lang-mustache": """\
grant {
  permission java.lang.RuntimePermission "accessDeclaredMembers";
};
""",
    "reindex": """\
grant {
  permission java.net.SocketPermission "*", "connect";
};
grant codeBase "${codebase.opensearch-rest-client}" {
  permission java.net.NetPermission "getProxySelector";
};
grant codeBase "${codebase.httpasyncclient}" {
  permission java.net.NetPermission "getProxySelector";
};
""",
}
DESCRIPTOR = """\
description={name}
version={version}
name={name}
classname={main}
java.version=11
opensearch.version={version}
custom.foldername=
extended.plugins={extends}
has.native.controller=false
"""


def _unpack(tree, source, home):
    """A distribution's zip file: its one folder becomes `home`, its configuration goes to /etc."""
    name = home.rsplit("/", 1)[-1]
    with zipfile.ZipFile(source) as archive_file:
        for entry in archive_file.infolist():
            inside = entry.filename.split("/", 1)[1]
            if entry.is_dir() or inside.endswith((".bat", ".exe")):
                continue
            if inside.startswith("config/"):
                path = f"/etc/{name}/{inside[7:]}"
                tree.configure(path, _settings(archive_file.read(entry).decode(), path, name))
                continue
            place = tree.path(f"{home}/{inside}")
            with archive_file.open(entry) as content, open(place, "wb") as out:
                shutil.copyfileobj(content, out)
            place.chmod(0o755 if "/bin/" in f"/{inside}" and not inside.endswith(".jar") else 0o644)
    for folder in ("plugins", "modules"):
        tree.directory(f"{home}/{folder}")
    # The vendors' packages name their folder of settings here.
    environment = tree.path(f"{home}/bin/{name}-env")
    first, rest = environment.read_text(encoding="utf-8").split("\n", 1)
    environment.write_text(f"{first}\nif [ -f /etc/default/{name} ]; then set -a; . /etc/default/{name}; set +a; fi\n{rest}",
                           encoding="utf-8")


def _settings(text, path, name):
    if path.endswith("/jvm.options"):
        # Paths below the working directory, which the service cannot write to.
        text = re.sub(r"(?<=[=:])logs/", f"/var/log/{name}/", text).replace("HeapDumpPath=data", f"HeapDumpPath=/var/lib/{name}")
        # 6.2 names a collector that Java 14 and later do not have; 6.8 and OpenSearch say for which Java it is meant.
        return re.sub(r"^(-XX:.*(?:CMS|UseConcMarkSweepGC).*)$", r"8-13:\1", text, flags=re.MULTILINE)
    if path.endswith(f"/{name}.yml"):
        return text + f"\npath.data: /var/lib/{name}\npath.logs: /var/log/{name}\n"
    return text


def _surround(tree, name, prefix):
    """What the vendors' packages have besides the distribution."""
    files = archive.FILES / name
    tree.configure(f"/etc/default/{name}", f"{prefix}_PATH_CONF=/etc/{name}\n")
    tree.copy(f"/usr/lib/systemd/system/{name}.service", files / f"{name}.service")
    tree.write(f"/usr/lib/tmpfiles.d/{name}.conf", f"d /var/run/{name} 0755 {name} {name} - -\n")


def build_elasticsearch(target, version):
    def fill(tree):
        _unpack(tree, fetching.from_maven(fetching.pinned(f"elasticsearch_{version}"))[0], "/usr/share/elasticsearch")
        _surround(tree, "elasticsearch", "ES")
    archive.build(target, "elasticsearch", version, "all", ("adduser", "bash (>= 4.1)"), fill)


def build_opensearch(target, version):
    def fill(tree):
        lines = fetching.pinned(f"opensearch_{version}")
        whole, security, *jars = fetching.from_maven(lines)
        _unpack(tree, whole, "/usr/share/opensearch")
        _surround(tree, "opensearch", "OPENSEARCH")
        _add_security(tree, security)
        for (_, path, module), jar in zip(lines[2:], jars):
            tree.copy(f"/usr/share/opensearch/modules/{module}/{path.rsplit('/', 1)[-1]}", jar)
            if path.startswith(f"org/opensearch/plugin/{module}"):
                _describe(tree, module, version, jar)
    archive.build(target, "opensearch", version, "all", ("adduser", "bash (>= 4.1)", "openjdk-17-jre-headless | java11-runtime-headless"),
                  fill)


def _add_security(tree, source):
    """The security plugin, as the server's own tool would install it."""
    with zipfile.ZipFile(source) as archive_file:
        for entry in archive_file.infolist():
            if entry.is_dir() or entry.filename.endswith(".bat"):
                continue
            if entry.filename.startswith("config/"):
                tree.configure(f"/etc/opensearch/opensearch-security/{entry.filename[7:]}", archive_file.read(entry).decode())
                continue
            place = tree.path(f"/usr/share/opensearch/plugins/opensearch-security/{entry.filename}")
            place.write_bytes(archive_file.read(entry))
            place.chmod(0o755 if place.suffix == ".sh" else 0o644)


def _describe(tree, module, version, jar):
    with zipfile.ZipFile(jar) as content:
        main = next(name[:-6].replace("/", ".") for name in content.namelist() if re.search(r"/[A-Z]\w*Plugin\.class$", name))
    folder = f"/usr/share/opensearch/modules/{module}"
    tree.write(f"{folder}/plugin-descriptor.properties",
               DESCRIPTOR.format(name=module, version=version, main=main, extends=EXTENDS.get(module, "")))
    if module in POLICIES:
        tree.write(f"{folder}/plugin-security.policy", POLICIES[module])
