from django.db import migrations

_AT_A_TIME = 1000
_ABOVE = 23 * 8  # digits of the path of an answered comment that its answers keep: 24 levels in all


def place_comments(apps, schema_editor):
    """Give every numbered comment its place in the tree and its number of replies, thread by thread."""
    Comment = apps.get_model("conversation", "Comment")
    threads = Comment.objects.exclude(number=None).order_by("thread").values_list("thread", flat=True).distinct()
    for thread in threads.iterator():
        paths, replies, waiting = {}, {}, []
        rows = Comment.objects.filter(thread=thread).exclude(number=None).order_by("number")
        for row in rows.only("number", "reply_to", "state").iterator(chunk_size=_AT_A_TIME):
            # An answer to what came later (an import may bring such) begins a tree of its own.
            paths[row.pk] = paths.get(row.reply_to_id, "")[:_ABOVE] + f"{row.number:08d}"
            if row.reply_to_id is not None and row.state == "visible":
                replies[row.reply_to_id] = replies.get(row.reply_to_id, 0) + 1
            waiting.append(row)
            if len(waiting) == _AT_A_TIME:
                _save(Comment, waiting, paths)
        _save(Comment, waiting, paths)
        for parent, count in replies.items():
            Comment.objects.filter(pk=parent).update(reply_count=count)


def _save(comments, waiting, paths):
    for row in waiting:
        row.path = paths[row.pk]
    comments.objects.bulk_update(waiting, ["path"], batch_size=_AT_A_TIME)
    waiting.clear()


class Migration(migrations.Migration):

    dependencies = [
        ('conversation', '0003_threads'),
    ]

    operations = [
        migrations.RunPython(place_comments, migrations.RunPython.noop, elidable=True),
    ]
