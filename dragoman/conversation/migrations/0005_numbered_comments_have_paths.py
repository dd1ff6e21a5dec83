from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('conversation', '0004_place_comments'),
    ]

    operations = [
        migrations.AddConstraint(
            model_name='comment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('number__isnull', True), ('path', '')), models.Q(('number__isnull', False), models.Q(('path', ''), _negated=True)), _connector='OR'), name='comment_with_number_has_path'),
        ),
    ]
