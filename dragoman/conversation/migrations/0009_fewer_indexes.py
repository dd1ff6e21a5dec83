# Written by hand: only indexes go, and SQLite would copy the tables.

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


WIDENS = "indexes go that others begin with"


def drop(name, table, column):
    """An index that Django made for a foreign key."""
    return migrations.RunSQL(
        f'DROP INDEX IF EXISTS "{name}"', f'CREATE INDEX IF NOT EXISTS "{name}" ON "{table}" ("{column}")'
    )


class Migration(migrations.Migration):

    dependencies = [
        ('conversation', '0008_moved_comments'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name='comment',
            index=models.Index(fields=['print', 'posted_at'], name='comment_alike'),
        ),
        migrations.RemoveIndex(
            model_name='comment',
            name='comment_by_print',
        ),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                drop('conversation_comment_author_id_f0d6d838', 'conversation_comment', 'author_id'),
                drop('conversation_comment_thread_id_90102c9d', 'conversation_comment', 'thread_id'),
                drop('conversation_posting_reader_id_c342423c', 'conversation_posting', 'reader_id'),
            ],
            state_operations=[
                migrations.AlterField(
                    model_name='comment',
                    name='author',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='comments', to=settings.AUTH_USER_MODEL),
                ),
                migrations.AlterField(
                    model_name='comment',
                    name='thread',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='comments', to='conversation.thread'),
                ),
                migrations.AlterField(
                    model_name='posting',
                    name='reader',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL),
                ),
            ],
        ),
    ]
