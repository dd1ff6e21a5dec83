"""Tells translation in which section each article stands; from here on publishing and moving tell it."""

from typing import Any

from django.db import migrations


def tell(apps: Any, schema_editor: Any) -> None:
    articles, sections = apps.get_model("publication", "ArticlePage"), apps.get_model("publication", "SectionPage")
    places = apps.get_model("translation", "SectionTopic")
    by_path = dict(sections.objects.values_list("path", "pk"))
    rows = articles.objects.filter(number__isnull=False).values_list("number", "path")
    places.objects.bulk_create(
        (
            places(topic=f"article:{number}", section=by_path[path[:-4]])
            for number, path in rows.iterator()
            if path[:-4] in by_path
        ),
        batch_size=1000,
        ignore_conflicts=True,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("publication", "0002_newest_articles"),
        ("translation", "0005_glossary"),
    ]

    operations = [migrations.RunPython(tell, migrations.RunPython.noop, elidable=True)]
