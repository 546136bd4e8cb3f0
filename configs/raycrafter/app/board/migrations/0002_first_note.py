from django.db import migrations

TEXT = "A row from the database"


def add(apps, schema_editor):
    apps.get_model("board", "Note").objects.get_or_create(text=TEXT)


def take_back(apps, schema_editor):
    apps.get_model("board", "Note").objects.filter(text=TEXT).delete()


class Migration(migrations.Migration):
    dependencies = [("board", "0001_initial")]
    operations = [migrations.RunPython(add, take_back)]
