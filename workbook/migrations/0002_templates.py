from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("workbook", "0001_workbook")]

    operations = []
