from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('workbench', '0007_participant_current'),
    ]

    operations = [
        migrations.AddField(
            model_name='evidence',
            name='stamp',
            field=models.PositiveBigIntegerField(db_default=2**62),
        ),
        migrations.AddField(
            model_name='study',
            name='base',
            field=models.PositiveBigIntegerField(default=0),
        ),
        migrations.AddIndex(
            model_name='evidence',
            index=models.Index(fields=['study', 'stamp'], name='evidence_changed'),
        ),
    ]
