#!/usr/bin/python3 -I
"""Makes and removes releases of an application, below the folder that holds bin/release. Started by wright.

  repository                                    an empty copy of the project's repository, repo.git
  forget                                        removes it, every release and every virtual environment
  checkout RELEASE MARK URL REVISION [PATH=PLACE...]   releases/RELEASE/code; in it PATH becomes a link to PLACE, a folder or file
  remove RELEASE                                removes one, unless it is the current one
  packages RELEASE MARK PYTHON --files FILE... --packages PACKAGE... --pip ARGUMENT...
                                                releases/RELEASE/venv, shared by releases with equal requirements
  packages-back RELEASE MARK                    releases/RELEASE/venv as it was before
  apt RELEASE FILE                              installs the Debian packages that the file of the project lists
  apt-back RELEASE                              purges those that apt installed anew
  clean KEEP                                    removes all but the current and the newest releases, and the dumps of others
"""
import hashlib
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(os.path.realpath(__file__)).parent.parent
REPOSITORY, RELEASES, VENVS, CURRENT = ROOT / "repo.git", ROOT / "releases", ROOT / "venvs", ROOT / "current"


def fail(why):
    sys.exit(f"release: {why}")


def run(*argv, **options):
    """Its output is part of ours; a failure is our end."""
    sys.stdout.flush()
    done = subprocess.run([str(word) for word in argv], stdin=subprocess.DEVNULL, stderr=subprocess.STDOUT, **options)
    if done.returncode != 0:
        fail(f"{' '.join(str(word) for word in argv[:4])} ... ended with {done.returncode}")


def read(*argv, **options):
    """What it writes, or None when it fails."""
    done = subprocess.run([str(word) for word in argv], stdin=subprocess.DEVNULL, capture_output=True, text=True, **options)
    return done.stdout.strip() if done.returncode == 0 else None


def replace_link(link, target):
    beside = link.with_name(f".{link.name}.new")
    beside.unlink(missing_ok=True)
    beside.symlink_to(target)
    beside.rename(link)


def current_release():
    return os.path.basename(os.readlink(CURRENT)) if CURRENT.is_symlink() else ""


def remove_unused_venvs():
    used = {os.path.basename(os.readlink(link)) for link in RELEASES.glob("*/venv") if link.is_symlink()}
    for venv in VENVS.iterdir():
        if venv.name not in used:
            shutil.rmtree(venv)


def in_memory(text):
    """A path under which programs that this one starts read the text. It is in no file system, and gone when this process is,
    however that ends."""
    descriptor = os.memfd_create("git")
    os.fchmod(descriptor, 0o600)
    os.write(descriptor, text.encode() if text.endswith("\n") else text.encode() + b"\n")
    return f"/proc/{os.getpid()}/fd/{descriptor}"


def git_surroundings(url):
    """Variables for git."""
    config = ["[gc]", "auto = 0", "[advice]", "detachedHead = false"]
    local = url.removeprefix("file://")
    if local.startswith("/"):
        # A repository on this host may be another account's; the site file vouches for it.
        config += ["[safe]", f'directory = "{local}"', f'directory = "{local}/.git"', "[protocol.file]", "allow = always"]
    env = dict(os.environ, HOME=str(ROOT), GIT_TERMINAL_PROMPT="0")
    ssh = ["ssh", "-o", "BatchMode=yes", "-o", "StrictHostKeyChecking=yes"]
    if key := env.pop("WRIGHT_GIT_KEY", ""):
        ssh += ["-o", "IdentitiesOnly=yes", "-o", f"IdentityFile={in_memory(key)}"]
    if hosts := env.pop("WRIGHT_GIT_KNOWN_HOSTS", ""):
        ssh += ["-o", f"UserKnownHostsFile={in_memory(hosts)}"]
    env["GIT_SSH_COMMAND"] = " ".join(ssh)
    if "WRIGHT_GIT_PASSWORD" in env:
        env["GIT_ASKPASS"] = os.path.realpath(__file__)
    env["GIT_CONFIG_GLOBAL"] = in_memory("\n".join(config))
    return env


def answer_git(question):
    print(os.environ["WRIGHT_GIT_USER" if question.startswith("Username") else "WRIGHT_GIT_PASSWORD"])


def commit_of(revision, env):
    for name in (f"refs/tags/{revision}", f"refs/heads/{revision}", revision):
        if commit := read("git", "-C", REPOSITORY, "rev-parse", "--quiet", "--verify", f"{name}^{{commit}}", env=env):
            return commit
    return None


def fetched(url, revision, env):
    """The commit that the revision means, fetched when it has to be."""
    is_commit = re.fullmatch("[0-9a-f]{7,64}", revision) is not None
    commit = commit_of(revision, env) if is_commit else None
    if commit is None:
        run("git", "-C", REPOSITORY, "fetch", "--quiet", "--force", "--prune", "--", url, "+refs/heads/*:refs/heads/*",
            "+refs/tags/*:refs/tags/*", env=env)
        commit = commit_of(revision, env)
    if commit is None and is_commit:
        run("git", "-C", REPOSITORY, "fetch", "--quiet", "--", url, revision, env=env)
        commit = commit_of(revision, env)
    return commit or fail(f"{url} has no tag, branch or commit {revision}")


def make_links(code, links):
    for link in links:
        path, folder = link.split("=", 1)
        place = code / path
        if place.is_dir() and not place.is_symlink():
            if [entry for entry in place.iterdir() if entry.name not in (".gitkeep", ".gitignore", ".keep")]:
                fail(f"{path} of the project holds files; it cannot become a link to {folder}")
            shutil.rmtree(place)
        elif os.path.lexists(place):
            fail(f"{path} of the project is there already; it cannot become a link to {folder}")
        place.parent.mkdir(parents=True, exist_ok=True)
        if not pathlib.Path(folder).is_file():
            pathlib.Path(folder).mkdir(parents=True, exist_ok=True)
        place.symlink_to(folder)


def repository():
    run("git", "init", "--quiet", "--bare", REPOSITORY, env=dict(os.environ, HOME=str(ROOT)))


def forget():
    for folder in (RELEASES, VENVS, REPOSITORY):
        for entry in folder.iterdir():
            shutil.rmtree(entry) if entry.is_dir() and not entry.is_symlink() else entry.unlink()


def checkout(release, mark, url, revision, *links):
    place, part = RELEASES / release, RELEASES / f".{release}.part"
    if place.exists():
        fail(f"{place} was made from another revision, repository or set of links; give this one another name: option release")
    if part.exists():
        shutil.rmtree(part)
    part.mkdir()
    env = git_surroundings(url)
    commit = fetched(url, revision, env)
    code = part / "code"
    run("git", "clone", "--quiet", "--shared", "--no-checkout", "--", REPOSITORY, code, env=env)
    run("git", "-C", code, "remote", "set-url", "origin", url, env=env)
    run("git", "-C", code, "checkout", "--quiet", "--detach", commit, env=env)
    if (code / ".gitmodules").exists():
        run("git", "-C", code, "submodule", "--quiet", "update", "--init", "--recursive", env=env)
    make_links(code, links)
    (part / "static").mkdir()
    # For pages that the release before made, and that are still open: they name its static files.
    if serving := current_release():
        (part / "before").symlink_to(f"../{serving}")
    (part / "REVISION").write_text(commit + "\n")
    (part / mark).touch()
    part.rename(place)


def remove(release):
    part = RELEASES / f".{release}.part"
    if part.exists():
        shutil.rmtree(part)
    place = RELEASES / release
    if not place.exists():
        return
    if release == current_release():
        fail(f"{release} is the current release")
    shutil.rmtree(place)
    remove_unused_venvs()


def requirement_lines(path, seen):
    """Every line of the file and of those it names."""
    path = path.resolve()
    if path in seen:
        return []
    seen.add(path)
    try:
        lines = path.read_text().splitlines()
    except OSError as problem:
        fail(f"{path}: {problem.strerror}")
    found = []
    for line in lines:
        line = re.sub(r"(^|\s)#.*", "", line).strip()
        if included := re.match(r"(?:-r|-c|--requirement|--constraint)[ =]?\s*(\S+)", line):
            found += requirement_lines(path.parent / included[1], seen)
        if line:
            found.append(line)
    return found


def packages(release, mark, python, *words):
    place = RELEASES / release
    code = place / "code"
    given = {"--files": [], "--packages": [], "--pip": []}
    for word in words:
        if word in given:
            into = given[word]
        else:
            into.append(word)
    lines = [line for name in given["--files"] for line in requirement_lines(code / name, set())] + given["--packages"]
    inputs = [read(python, "-I", "-c", "import sys; print(sys.version, sys.executable)") or fail(f"{python} does not run"), mark]
    inputs += lines + given["--pip"]
    if any(re.match(r"(-e|--editable)\b|\.|/|file:", line) or " @ file:" in line for line in lines):
        inputs.append(release)  # parts of this very checkout are among them
    venv = VENVS / hashlib.sha256("\0".join(inputs).encode()).hexdigest()[:16]
    if not (venv / ".complete").exists():
        if venv.exists():
            shutil.rmtree(venv)
        run(python, "-m", "venv", venv)
        pip = [venv / "bin" / "python", "-m", "pip", "--no-input", "install", *given["--pip"]]
        wanted = [word for name in given["--files"] for word in ("--requirement", code / name)] + given["--packages"]
        if wanted:
            run(*pip, *wanted, cwd=code, env=dict(os.environ, HOME=str(ROOT)))
        (venv / ".complete").touch()
    link = place / "venv"
    before = os.readlink(link) if link.is_symlink() else ""
    replace_link(link, f"../../venvs/{venv.name}")
    (place / mark).write_text(before)


def packages_back(release, mark):
    place = RELEASES / release
    if (place / mark).exists():
        before = (place / mark).read_text()
        if before:
            replace_link(place / "venv", before)
        else:
            (place / "venv").unlink(missing_ok=True)
        (place / mark).unlink()
    remove_unused_venvs()


def installed():
    states = read("dpkg-query", "--show", "--showformat=${db:Status-Abbrev} ${Package}:${Architecture}\n") or ""
    return {line.split()[-1] for line in states.splitlines() if line.startswith("ii")}


def install_debian(words, env):
    """What apt fetches, and newer lists when the host's do not know a package, goes with a folder of their own."""
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)  # apt fetches as an account of its own
        for part in ("cache/archives/partial", "lists/partial"):
            os.makedirs(f"{folder}/{part}")
        own = ["apt-get", "-o", f"Dir::Cache={folder}/cache", "-o", "Dir::Cache::srcpkgcache=", "-o", "Dir::Cache::pkgcache="]
        if read(*own, "--simulate", *words, env=env) is None:
            own += ["-o", f"Dir::State::lists={folder}/lists"]
            run(*own, "-q", "update", env=env)
        run(*own, *words, env=env)


def apt(release, name):
    file = RELEASES / release / "code" / name
    try:
        lines = [re.sub("#.*", "", line).strip() for line in file.read_text().splitlines()]
    except OSError as problem:
        fail(f"{file}: {problem.strerror}")
    wanted = [word for line in lines for word in line.split()]
    if bad := [word for word in wanted if not re.fullmatch(r"[a-z0-9][a-z0-9+.:-]*(=[A-Za-z0-9.+:~-]+)?", word)]:
        fail(f"{file}: {bad[0]!r} is not the name of a Debian package")
    before = installed()
    env = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    if wanted:
        install_debian(["-y", "-q", "--no-install-recommends", "--no-upgrade", "install", "--", *wanted], env)
    # Not inside the release: root writes nothing where the application's account could have put a link.
    apt_record(release).write_text("".join(package + "\n" for package in sorted(installed() - before)))


def apt_record(release):
    return ROOT / f".apt-{release}"


def apt_back(release):
    record = apt_record(release)
    if not record.exists():
        return
    if new := [package for package in record.read_text().split() if package in installed()]:
        # Its caches in memory: it writes them for a removal too.
        caches = ["-o", "Dir::Cache::srcpkgcache=", "-o", "Dir::Cache::pkgcache="]
        run("apt-get", *caches, "-y", "-q", "purge", "--", *new, env=dict(os.environ, DEBIAN_FRONTEND="noninteractive"))
    record.unlink()


def clean(keep):
    releases = [entry for entry in RELEASES.iterdir() if entry.name != current_release()]
    releases.sort(key=lambda entry: entry.stat().st_mtime, reverse=True)
    for entry in releases[int(keep) - 1:]:
        shutil.rmtree(entry)
    remove_unused_venvs()
    clean_dumps(int(keep))


def clean_dumps(keep):
    """The newest releases keep two each: before the first try, and before the one that went well."""
    of_release = {}
    for dump in sorted((ROOT / "dumps").glob("*-before-*")):
        of_release.setdefault(dump.name.partition("-before-")[2], []).append(dump)
    newest = sorted(of_release.values(), key=lambda dumps: dumps[-1].name, reverse=True)
    for place, dumps in enumerate(newest):
        for dump in dumps[1:-1] if place < keep else dumps:
            dump.unlink()


if __name__ == "__main__":
    os.umask(0o022)
    if "WRIGHT_GIT_PASSWORD" in os.environ and len(sys.argv) == 2 and sys.argv[1].startswith(("Username", "Password")):
        sys.exit(answer_git(sys.argv[1]))
    verbs = {"repository": repository, "forget": forget, "checkout": checkout, "remove": remove, "packages": packages,
             "packages-back": packages_back, "apt": apt, "apt-back": apt_back, "clean": clean}
    if len(sys.argv) < 2 or sys.argv[1] not in verbs:
        fail(__doc__)
    verbs[sys.argv[1]](*sys.argv[2:])
