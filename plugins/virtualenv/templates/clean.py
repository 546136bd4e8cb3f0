"""Removes environments that nobody needs: clean.py STORE KEEP CURRENT. The current one stays, and of the others the KEEP - 1 newest."""
import os
import shutil
import sys

store, keep, current = sys.argv[1], int(sys.argv[2]), sys.argv[3]
others = [entry for entry in os.scandir(store) if entry.is_dir(follow_symlinks=False) and entry.name != current]
others.sort(key=lambda entry: entry.stat(follow_symlinks=False).st_mtime, reverse=True)
for entry in others[keep - 1:]:
    shutil.rmtree(entry.path)
