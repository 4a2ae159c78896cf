"""What the coder no longer proposes, having learned."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Add the mark."""

    dependencies = [("workbench", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="evidence",
            name="withdrawn",
            field=models.BooleanField(default=False),
        ),
    ]
