"""Where texts stand: owners tell in which section a topic is, and the terms of that section hold for its texts."""

from django.db import transaction

from dragoman.translation.models import Recheck, SectionTopic


def place_topic(topic: str, section: int) -> None:
    """A topic's texts stand in a section; where they stood in another one, they are looked through for its terms."""
    with transaction.atomic():
        row, is_new = SectionTopic.objects.select_for_update().get_or_create(topic=topic, defaults={"section": section})
        if is_new or row.section == section:
            return
        SectionTopic.objects.filter(pk=row.pk).update(section=section)
        Recheck.objects.create(topic=topic)
