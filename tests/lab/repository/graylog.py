"""graylog-server, as Graylog's own repository has it; the vendor's one jar file is a folder of jars here."""

from . import archive, fetching

NAME = "graylog-server"
VERSIONS = ("3.3.11-1",)
HOME = "/usr/share/graylog-server"


def build(target, version):
    def fill(tree):
        lines = fetching.pinned(f"{NAME}_{version.split('-')[0]}")
        for (_, path, *_), jar in zip(lines, fetching.from_maven(lines)):
            tree.copy(f"{HOME}/lib/{path.rsplit('/', 1)[-1]}", jar)
        files = archive.FILES / NAME
        tree.copy(f"{HOME}/bin/graylog-server", files / "graylog-server", 0o755)
        tree.directory(f"{HOME}/plugin")
        tree.write(f"{HOME}/installation-source.txt", "deb\n")
        for inside in ("server.conf", "log4j2.xml"):
            tree.configure(f"/etc/graylog/server/{inside}", (files / inside).read_text(encoding="utf-8"))
        tree.configure("/etc/default/graylog-server", (files / "default").read_text(encoding="utf-8"))
        tree.copy("/usr/lib/systemd/system/graylog-server.service", files / "graylog-server.service")
    archive.build(target, NAME, version, "all", ("adduser", "openjdk-17-jre-headless | java8-runtime-headless"), fill)
