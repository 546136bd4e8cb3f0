"""Builds one virtual environment, in place, since its scripts hold its path. Read from standard input by the system's
Python: build.py PYTHON FOLDER REQUIREMENTS SYSTEM_SITE_PACKAGES [PIP_ARGUMENT...]. ".complete" is written last."""
import os
import re
import shutil
import subprocess
import sys

python, folder, requirements, system_packages, *arguments = sys.argv[1:]

OLDEST_UV = (0, 4, 23)
# Those of pip that uv has too; of the others the component's options know that they cannot be given.
SETTINGS = {"PIP_INDEX_URL": ["UV_DEFAULT_INDEX"], "PIP_EXTRA_INDEX_URL": ["UV_INDEX"], "PIP_CONSTRAINT": ["UV_CONSTRAINT"],
            "PIP_TRUSTED_HOST": ["UV_INSECURE_HOST"], "PIP_CERT": ["SSL_CERT_FILE"], "PIP_PROXY": ["HTTP_PROXY", "HTTPS_PROXY"]}


def run(*argv):
    sys.stdout.flush()
    done = subprocess.run(argv, stdin=subprocess.DEVNULL, stderr=subprocess.STDOUT)
    if done.returncode != 0:
        sys.exit(done.returncode if done.returncode > 0 else 1)


def uv_in_place_of_pip(program):
    """Its command line. It reads none of pip's settings, and what it does not know of its own it passes over in silence."""
    said = subprocess.run([program, "--version"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, universal_newlines=True).stdout
    if tuple(int(number) for number in re.findall(r"\d+", said)[:3]) < OLDEST_UV:
        sys.exit(f"{said.strip()} knows no UV_DEFAULT_INDEX and would ask the public index: set uv_version to 0.4.23 or newer")
    for ours, theirs in SETTINGS.items():
        if ours in os.environ:
            os.environ.update({name: os.environ[ours] for name in theirs})
    if "PIP_FIND_LINKS" in os.environ:
        os.environ["UV_FIND_LINKS"] = ",".join(os.environ["PIP_FIND_LINKS"].split())
    offline = ["--no-index"] if "PIP_NO_INDEX" in os.environ else []
    return [program, "pip", "install", "--no-cache", "--no-config", "--python", os.path.join(folder, "bin", "python"), *offline]


if os.path.lexists(folder):
    shutil.rmtree(folder)
run(python, "-m", "venv", *(["--system-site-packages"] if system_packages == "yes" else []), folder)
pip = [os.path.join(folder, "bin", "python"), "-m", "pip", "--no-input", "install"]
for line in os.environ.get("WRIGHT_PIP", "").split():
    run(*pip, line)
if first := os.environ.get("WRIGHT_FIRST", "").splitlines():
    run(*pip, *first)
if uv := os.environ.get("WRIGHT_UV", ""):
    tool = os.path.join(folder, ".uv")
    run(*pip, "--target", tool, uv)
    pip = uv_in_place_of_pip(os.path.join(tool, "bin", "uv"))
run(*pip, *arguments, "--requirement", requirements)
if uv:
    shutil.rmtree(tool)
with open(os.path.join(folder, ".complete"), "w"):
    pass
