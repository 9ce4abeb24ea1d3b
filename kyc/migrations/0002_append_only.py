"""Evidence only grows: the database refuses updates and deletes."""

from django.db import migrations

from kyc.models import append_only


class Migration(migrations.Migration):
    dependencies = [("kyc", "0001_initial")]
    operations = [
        migrations.RunPython(
            lambda apps, editor: append_only.install(editor.connection),
            lambda apps, editor: append_only.remove(editor.connection),
        )
    ]
