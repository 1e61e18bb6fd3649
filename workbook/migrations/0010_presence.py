from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("workbook", "0009_quota_requests")]

    operations = []
