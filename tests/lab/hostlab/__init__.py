"""Throw-away Debian hosts for tests: systemd-nspawn on overlayfs, on a bridge of their own."""
