from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('kyc', '0084_round'),
    ]

    operations = [
        migrations.AddField(
            model_name='document',
            name='first_received_at',
            field=models.DateTimeField(null=True),
        ),
    ]
