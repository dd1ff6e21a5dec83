# Written by hand: only indexes go, and SQLite would copy the tables.

import django.db.models.deletion
from django.db import migrations, models


WIDENS = "indexes go that others begin with"


def drop(name, table, column):
    """An index that Django made for a foreign key."""
    return migrations.RunSQL(
        f'DROP INDEX IF EXISTS "{name}"', f'CREATE INDEX IF NOT EXISTS "{name}" ON "{table}" ("{column}")'
    )


class Migration(migrations.Migration):

    dependencies = [
        ('translation', '0006_shares_and_pictures'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                drop('translation_occurrence_segment_id_aae9ffba', 'translation_occurrence', 'segment_id'),
                drop('translation_occurrence_unit_id_a5a0efbc', 'translation_occurrence', 'unit_id'),
                drop('translation_revision_unit_id_9222cce1', 'translation_revision', 'unit_id'),
            ],
            state_operations=[
                migrations.AlterField(
                    model_name='occurrence',
                    name='segment',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='occurrences', to='translation.segment'),
                ),
                migrations.AlterField(
                    model_name='occurrence',
                    name='unit',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='occurrences', to='translation.unit'),
                ),
                migrations.AlterField(
                    model_name='revision',
                    name='unit',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='revisions', to='translation.unit'),
                ),
            ],
        ),
    ]
