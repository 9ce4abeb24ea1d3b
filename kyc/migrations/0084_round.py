from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('kyc', '0082_audit_by_actor'),
    ]

    operations = [
        migrations.CreateModel(
            name='Round',
            fields=[
                ('name', models.CharField(max_length=40, primary_key=True, serialize=False)),
                ('reached', models.CharField(blank=True, max_length=80)),
            ],
        ),
    ]
