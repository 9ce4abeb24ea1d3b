"""Anchors of the audit chain and reviews of the register: both only grow."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


from kyc.models import append_only


class Migration(migrations.Migration):

    dependencies = [
        ('kyc', '0031_evidence_only_grows'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Anchor',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sequence', models.PositiveBigIntegerField(db_index=True)),
                ('kind', models.CharField(choices=[('store', 'kept off the host'), ('time', 'time stamp')], max_length=8)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('place', models.CharField(help_text='name in the store, or address of the authority', max_length=200)),
                ('token', models.BinaryField(help_text="the authority's answer, DER", null=True)),
            ],
        ),
        migrations.CreateModel(
            name='AccessReview',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('month', models.DateField(help_text='its first day', unique=True)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('note', models.CharField(max_length=1000)),
                ('figures', models.JSONField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='access_reviews', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'review of disclosures',
                'verbose_name_plural': 'reviews of disclosures',
            },
        ),
        migrations.RunPython(
            lambda apps, editor: append_only.install(editor.connection), migrations.RunPython.noop
        ),
    ]
