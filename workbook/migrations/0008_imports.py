from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("workbook", "0007_readiness")]

    operations = []
