"""Decisions, notices and consents only grow, too: the database refuses what a trigger's exceptions do not name."""

from django.db import migrations

from kyc.models import append_only

TABLES = tuple(append_only.GUARDED_BY)


def forwards(apps, editor):
    append_only.remove(editor.connection, ("kyc_secondlook",))  # made anew: they knew not all that is unique in it
    append_only.install(editor.connection)


class Migration(migrations.Migration):
    dependencies = [("kyc", "0085_first_received")]
    operations = [
        migrations.RunPython(
            forwards,
            lambda apps, editor: append_only.remove(editor.connection, TABLES),
        )
    ]
