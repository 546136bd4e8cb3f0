"""A folder of packages as a signed apt repository."""

import email.utils
import gzip
import hashlib
import os
import shutil

from hostlab.machine import run

SUITE = "stable"
COMPONENT = "main"
ARCHITECTURES = ("amd64", "arm64")
RELEASE = """\
Origin: lab
Label: lab
Suite: {suite}
Codename: {suite}
Architectures: {architectures}
Components: {component}
Date: {date}
SHA256:
"""


def write(folder, packages, keys):
    """Makes `folder` the repository of the .deb files `packages`, signed with the lab's key, whose home is `keys`."""
    pool = folder / "pool"
    pool.mkdir(parents=True, exist_ok=True)
    for old in pool.iterdir():
        old.unlink()
    entries = []
    for package in packages:
        place = pool / package.name
        _share(package, place)
        entries.append(_entry(place, f"pool/{package.name}"))
    dists = folder / "dists" / SUITE
    shutil.rmtree(dists, ignore_errors=True)
    sums = ""
    for architecture in ARCHITECTURES:
        listing = "\n".join(text for own, text in entries if own in ("all", architecture)).encode()
        for name, content in (("Packages", listing), ("Packages.gz", gzip.compress(listing, mtime=0))):
            inside = f"{COMPONENT}/binary-{architecture}/{name}"
            (dists / inside).parent.mkdir(parents=True, exist_ok=True)
            (dists / inside).write_bytes(content)
            sums += f" {hashlib.sha256(content).hexdigest()} {len(content)} {inside}\n"
    release = RELEASE.format(suite=SUITE, architectures=" ".join(ARCHITECTURES), component=COMPONENT,
                             date=email.utils.formatdate(usegmt=True)) + sums
    (dists / "Release").write_text(release, encoding="utf-8")
    _sign(dists, folder / "key.asc", keys)


def _share(package, place):
    try:
        os.link(package, place)
    except OSError:
        shutil.copyfile(package, place)


def _entry(package, inside):
    """The package's architecture and its paragraph in a Packages file."""
    control = run("dpkg-deb", "--field", package).stdout.strip()
    with open(package, "rb") as content:
        digest = hashlib.file_digest(content, "sha256").hexdigest() if hasattr(hashlib, "file_digest") else \
            hashlib.sha256(content.read()).hexdigest()
    architecture = next(line.split()[1] for line in control.splitlines() if line.startswith("Architecture:"))
    return architecture, f"{control}\nFilename: {inside}\nSize: {package.stat().st_size}\nSHA256: {digest}\n"


def _sign(dists, public, keys):
    gpg = ("gpg", "--homedir", keys, "--batch", "--quiet", "--yes")
    try:
        if not keys.exists():
            keys.mkdir(mode=0o700)
            run(*gpg, "--passphrase", "", "--pinentry-mode", "loopback", "--quick-generate-key", "lab <root@localhost>", "rsa3072",
                "sign", "never")
        public.write_text(run(*gpg, "--armor", "--export").stdout, encoding="utf-8")
        run(*gpg, "--clearsign", "--digest-algo", "SHA256", "--output", dists / "InRelease", dists / "Release")
        run(*gpg, "--armor", "--detach-sign", "--digest-algo", "SHA256", "--output", dists / "Release.gpg", dists / "Release")
    finally:
        # gpg leaves an agent behind that would outlive the lab.
        run("gpgconf", "--homedir", keys, "--kill", "all", check=False)
