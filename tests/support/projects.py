"""Django projects that nobody wrote for wright: what the generators of packages of the package index make, as git repositories."""
import hashlib
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

from wheels import CACHE, wheels_for


def started(requirements, program, words, place, more=None):
    """A bare git repository at `place`, tag v1, of what `program words... project` makes (a program of the packages that
    `requirements` asks for), with the files of `more` (path: text) added; what its .gitignore names is left out. Made once."""
    key = hashlib.sha256(repr((requirements, program, words, sorted((more or {}).items()))).encode()).hexdigest()[:16]
    kept = CACHE.parent / "projects" / f"{key}.git"
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=kept.parent) as scratch:
            folder = pathlib.Path(scratch)
            made = folder / "project.git"
            _make(requirements, program, words, folder, more or {}, made)
            made.chmod(0o755)
            os.replace(made, kept)
    place.parent.mkdir(parents=True, exist_ok=True)
    shutil.copytree(kept, place)


def _make(requirements, program, words, folder, more, made):
    def run(*command, **options):
        done = subprocess.run([str(word) for word in command], cwd=folder, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=300, **options)
        if done.returncode != 0:
            raise AssertionError(f"{' '.join(map(str, command))}: exit {done.returncode}\n{done.stdout[-2000:]}{done.stderr[-2000:]}")

    (folder / "requirements.txt").write_text(requirements)
    run(sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-index", "--no-warn-script-location", "--root-user-action=ignore",
        "--find-links", wheels_for(requirements), "--target", "packages", "--requirement", "requirements.txt")
    run(sys.executable, folder / "packages" / "bin" / program, *words, "project", env={**os.environ, "PYTHONPATH": str(folder / "packages")})
    tree = folder / "project"
    for path, text in more.items():
        (tree / path).parent.mkdir(parents=True, exist_ok=True)
        (tree / path).write_text(text)
    git = ("git", "-c", "user.name=t", "-c", "user.email=t@example.org", "-C", tree)
    run(*git, "init", "--quiet")
    run(*git, "add", "--all")
    run(*git, "commit", "--quiet", "--message", "v1")
    run(*git, "tag", "v1")
    run("git", "clone", "--quiet", "--bare", tree, made)
