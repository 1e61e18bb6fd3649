from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("workbook", "0008_imports")]

    operations = []
