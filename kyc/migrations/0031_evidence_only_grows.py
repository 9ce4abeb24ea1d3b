"""What officers record is evidence: the database refuses updates and deletes of it, too."""

from django.db import migrations

from kyc.models import append_only


class Migration(migrations.Migration):
    dependencies = [("kyc", "0030_evidence")]
    operations = [
        migrations.RunPython(
            lambda apps, editor: append_only.install(editor.connection), migrations.RunPython.noop
        )
    ]
