"""What waits already gets a case: held comments, and reported ones."""

from django.db import migrations
from django.db.models import Count, Min


def open_cases(apps, schema_editor):
    Comment = apps.get_model("conversation", "Comment")
    Report = apps.get_model("moderation", "Report")
    Case = apps.get_model("moderation", "Case")
    rows = Report.objects.filter(kind="comment", decision=None).values_list("subject")
    reports = {subject: (number, since) for subject, number, since in rows.annotate(Count("id"), Min("at"))}

    def case(comment, queue):
        number, since = reports.get(comment.pk, (0, comment.posted_at))
        return Case(
            kind="comment", subject=comment.pk, queue=queue, opened_at=since, language=comment.language,
            place=comment.thread.key, section=0, writer=comment.author_id, findings=[], reports=number,
        )

    comments = Comment.objects.select_related("thread")
    held = comments.filter(state="held")
    reported = comments.filter(pk__in=list(reports), state="visible")
    Case.objects.bulk_create([case(one, "held") for one in held] + [case(one, "reported") for one in reported])


class Migration(migrations.Migration):

    dependencies = [
        ("conversation", "0007_prints_and_order"),
        ("moderation", "0002_cases_and_rulebook"),
    ]

    operations = [migrations.RunPython(open_cases, migrations.RunPython.noop)]
