"""Packages from the package index for hosts of the lab, which reach none: a folder of wheels."""
import hashlib
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

CACHE = pathlib.Path(os.environ.get("WRIGHT_LAB_CACHE", "/var/cache/wright-lab")) / "wheels"


def wheels_for(requirements, python="3.11"):
    """The folder that holds what the text of a requirements file asks for, with all that it needs, for Python on the
    lab's Debian; downloaded once."""
    folder = CACHE / hashlib.sha256(f"{python}\n{requirements}".encode()).hexdigest()[:16]
    if folder.exists():
        return folder
    CACHE.mkdir(parents=True, exist_ok=True)
    part = pathlib.Path(tempfile.mkdtemp(dir=CACHE))
    try:
        wanted = part / "requirements.txt"
        wanted.write_text(requirements)
        platforms = [word for version in ("2_17", "2014", "2_28") for word in ("--platform", f"manylinux{'_' * ('_' in version)}{version}_x86_64")]
        done = subprocess.run([sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--only-binary=:all:",
                               "--implementation", "cp", "--python-version", python, *platforms, "--dest", str(part), "--requirement", str(wanted)],
                              capture_output=True, text=True, timeout=600, stdin=subprocess.DEVNULL)
        if done.returncode != 0:
            raise AssertionError(f"pip download: exit {done.returncode}\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
        wanted.unlink()
        part.chmod(0o755)
        part.rename(folder)
    finally:
        if part.exists():
            shutil.rmtree(part)
    return folder
