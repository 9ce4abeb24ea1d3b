"""Changes of rights only grow, too."""

from django.db import migrations

from kyc.models import append_only


class Migration(migrations.Migration):
    dependencies = [("kyc", "0010_sessions_and_grants")]
    operations = [
        migrations.RunPython(
            lambda apps, editor: append_only.install(editor.connection),
            migrations.RunPython.noop,  # the table goes with 0010 and its triggers with it; the others' stand
        )
    ]
