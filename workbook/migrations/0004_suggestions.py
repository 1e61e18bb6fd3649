from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("workbook", "0003_talk")]

    operations = []
