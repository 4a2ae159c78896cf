from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('workbench', '0006_counting'),
    ]

    operations = [
        migrations.AddField(
            model_name='participant',
            name='current',
            field=models.BooleanField(default=True),
        ),
    ]
