"""The sample application as a git repository with several revisions."""
import shutil
import subprocess

from wrightrun import ROOT

APPLICATION = ROOT / "configs" / "raycrafter" / "app"
BAD_MIGRATION = '''from django.db import migrations


def fail(apps, schema_editor):
    raise RuntimeError("this migration fails")


class Migration(migrations.Migration):
    dependencies = [("board", "0002_first_note")]
    operations = [migrations.RunPython(fail)]
'''
# A task that says when it has begun and when it is done.
SLOW_TASK = '''

@shared_task
def slow(begun, done, seconds):
    import pathlib
    import time

    pathlib.Path(begun).touch()
    time.sleep(seconds)
    pathlib.Path(done).touch()
'''


def make_repository(place, scratch, requirements):
    """Tags v1, v2 (another page and style), v3 (a migration that fails), v4 (a WSGI module that fails, which no check imports)."""
    tree = scratch / "tree"
    shutil.copytree(APPLICATION, tree, ignore=shutil.ignore_patterns("__pycache__"))

    def git(*words):
        subprocess.run(["git", "-c", "user.name=t", "-c", "user.email=t@example.org", "-C", str(tree), *words], check=True, capture_output=True)

    def release(tag):
        git("add", "--all")
        git("commit", "--quiet", "--message", tag)
        git("tag", tag)

    git("init", "--quiet")
    with open(tree / "board" / "tasks.py", "a") as tasks:
        tasks.write(SLOW_TASK)
    (tree / "requirements.txt").write_text(requirements)
    (tree / "requirements.apt").write_text("# what the project needs of Debian\nhello\n")
    (tree / "install_os_dependencies.sh").write_text('#!/bin/sh\necho "$(id -u) $1 $(basename "$PWD")" >> /run/script-of-the-project\n')
    (tree / "install_os_dependencies.sh").chmod(0o755)
    release("v1")
    page = tree / "board" / "templates" / "board" / "page.html"
    page.write_text(page.read_text().replace("<h1>RayCrafter</h1>", "<h1>Second</h1>"))
    with open(tree / "board" / "static" / "board" / "page.css", "a") as style:
        style.write("h1 { color: #123456; }\n")
    release("v2")
    migration = tree / "board" / "migrations" / "0003_fails.py"
    migration.write_text(BAD_MIGRATION)
    release("v3")
    migration.unlink()
    (tree / "config" / "wsgi.py").write_text("raise RuntimeError('this module does not load')\n")
    release("v4")
    place.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(["git", "clone", "--quiet", "--bare", str(tree), str(place)], check=True, capture_output=True)
