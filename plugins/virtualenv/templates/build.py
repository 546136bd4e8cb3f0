"""Builds one virtual environment, in place, since its scripts hold its path. Read from standard input by the system's
Python: build.py PYTHON FOLDER REQUIREMENTS SYSTEM_SITE_PACKAGES [PIP_ARGUMENT...]. ".complete" is written last."""
import os
import shutil
import subprocess
import sys

python, folder, requirements, system_packages, *arguments = sys.argv[1:]


def run(*argv):
    sys.stdout.flush()
    done = subprocess.run(argv, stdin=subprocess.DEVNULL, stderr=subprocess.STDOUT)
    if done.returncode != 0:
        sys.exit(done.returncode if done.returncode > 0 else 1)


if os.path.lexists(folder):
    shutil.rmtree(folder)
run(python, "-m", "venv", *(["--system-site-packages"] if system_packages == "yes" else []), folder)
pip = [os.path.join(folder, "bin", "python"), "-m", "pip", "--no-input", "install"]
for line in os.environ.get("WRIGHT_PIP", "").split():
    run(*pip, line)
if uv := os.environ.get("WRIGHT_UV", ""):
    run(*pip, uv)
    # It reads none of pip's settings.
    for ours, theirs in (("PIP_INDEX_URL", "UV_DEFAULT_INDEX"), ("PIP_EXTRA_INDEX_URL", "UV_INDEX")):
        if ours in os.environ:
            os.environ[theirs] = os.environ[ours]
    find = ["--find-links", os.environ["PIP_FIND_LINKS"]] if "PIP_FIND_LINKS" in os.environ else []
    pip = [os.path.join(folder, "bin", "uv"), "pip", "install", "--no-cache", "--no-config", "--python", os.path.join(folder, "bin", "python"),
           *find, *(["--no-index"] if "PIP_NO_INDEX" in os.environ else [])]
run(*pip, *arguments, "--requirement", requirements)
with open(os.path.join(folder, ".complete"), "w"):
    pass
