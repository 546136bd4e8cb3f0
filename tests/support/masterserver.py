"""Puts the sample master server, configs/raycrafter, on a host of the lab: its project as a git repository, its wheels, its secrets."""
import json
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

from wheels import wheels_for

CONFIGS = pathlib.Path(__file__).resolve().parents[2] / "configs" / "raycrafter"
REPOSITORY = pathlib.PurePosixPath("srv/git/raycrafter.git")
WHEELS = pathlib.PurePosixPath("opt/wheels")


def git(tree, *words):
    subprocess.run(["git", "-c", "user.name=wright", "-c", "user.email=wright@example.org", "-C", str(tree), *words], check=True,
                   capture_output=True, stdin=subprocess.DEVNULL)


def make_repository(place):
    with tempfile.TemporaryDirectory() as scratch:
        tree = pathlib.Path(scratch) / "tree"
        shutil.copytree(CONFIGS / "app", tree, ignore=shutil.ignore_patterns("__pycache__"))
        git(tree, "init", "--quiet")
        git(tree, "add", "--all")
        git(tree, "commit", "--quiet", "--message", "v1")
        git(tree, "tag", "v1")
        shutil.rmtree(place, ignore_errors=True)
        place.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run(["git", "clone", "--quiet", "--bare", str(tree), str(place)], check=True, capture_output=True)


def prepare_host(root):
    """What a host of the lab has no other way to get. `root` is its file tree, seen from outside."""
    make_repository(root / REPOSITORY)
    wheels = root / WHEELS
    shutil.rmtree(wheels, ignore_errors=True)
    shutil.copytree(wheels_for((CONFIGS / "app" / "requirements.txt").read_text()), wheels)


def without_logging(text):
    """What the site file's first lines say of a small host, done as they say it."""
    recipes = re.findall(r"(?m)^#\s+(sed -i .* site\.toml)$", text)
    assert len(recipes) == 1, f"configs/raycrafter/site.toml has {len(recipes)} recipes for a small host"
    assert recipes[0] in (CONFIGS / "README.md").read_text(), "configs/raycrafter/README.md has another recipe"
    with tempfile.TemporaryDirectory() as scratch:
        file = pathlib.Path(scratch) / "site.toml"
        file.write_text(text)
        subprocess.run(shlex.split(recipes[0]), cwd=scratch, check=True)
        made = file.read_text()
    left = [word for word in ("graylog", "elasticsearch", "mongodb", "rsyslog") if re.search(rf"(?m)^[^#\n]*{word}", made)]
    assert not left and made != text, f"the recipe of configs/raycrafter/site.toml leaves {left}"
    return made


def from_repository(text, offered):
    """All that has a source comes from the one that `lab repository --json` made."""
    lines = "".join(f"{name} = {json.dumps(offered[name])}\n" for name in ("uri", "suite", "component"))
    lines += f"key = {json.dumps(pathlib.Path(offered['key']).read_text())}\n"
    text, count = re.subn(r"(?m)^(\[components\.\w+\.source\]\n)(?:.+\n)+", lambda table: table.group(1) + lines, text)
    assert count == 3, f"configs/raycrafter/site.toml has {count} sources"
    return text


def site_file(hosts, text=None, offered=None):
    """The site file as it is in the repository, but for where its host is and where its wheels come from; and with the
    logging server where there is a repository for it."""
    text = (CONFIGS / "site.toml").read_text() if text is None else text
    text = from_repository(text, offered) if offered else without_logging(text)
    text, count = re.subn(r"(?ms)^\[hosts\.master\]\n.*?\n\n", lambda _: hosts.strip() + "\n\n", text)
    assert count == 1, "configs/raycrafter/site.toml has no table [hosts.master]"
    text, count = re.subn(r'(?m)^revision = .*$', lambda line: f'{line.group()}\nwheels = "/{WHEELS}"\noffline = true', text)
    assert count == 1, "configs/raycrafter/site.toml names no revision"
    return text


def secrets_of(site, identity):
    """Every secret of the site, by its name."""
    clear = subprocess.run(["age", "--decrypt", "--identity", str(identity), str(site.folder / "secrets.age")], check=True, capture_output=True,
                           text=True).stdout
    return dict(re.findall(r'(?m)^(\w+)\s*=\s*"([^"]*)"', clear))


if __name__ == "__main__":
    # For the quickstart: ROOT HOSTS-TABLE-FILE SITE-FILE [REPOSITORY-JSON-FILE]
    prepare_host(pathlib.Path(sys.argv[1]))
    made = site_file(pathlib.Path(sys.argv[2]).read_text(),
                     offered=json.loads(pathlib.Path(sys.argv[4]).read_text()) if len(sys.argv) > 4 else None)
    part = pathlib.Path(sys.argv[3] + ".part")
    part.write_text(made)
    os.replace(part, sys.argv[3])
