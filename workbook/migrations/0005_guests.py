from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("workbook", "0004_suggestions")]

    operations = []
