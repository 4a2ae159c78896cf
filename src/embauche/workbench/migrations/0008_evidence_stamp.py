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
        # Else the first change of each study would stamp all of its evidence.
        migrations.RunSQL(
            'UPDATE workbench_evidence SET stamp = (SELECT stamp FROM workbench_study'
            ' WHERE workbench_study.id = workbench_evidence.study_id)',
            migrations.RunSQL.noop,
        ),
    ]
