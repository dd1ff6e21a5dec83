"""Where texts stand: owners tell in which section a topic is, and the terms of that section hold for its texts."""

from django.db import transaction

from dragoman.foundation.statements import Select
from dragoman.translation.models import Recheck, SectionTopic

_SECTION = Select(lambda topic: SectionTopic.objects.filter(topic=topic).values_list("section"))


def section_of(topic: str) -> int:
    """The section of a topic; 0 where nobody has told. One query."""
    row = _SECTION.first(topic)
    return int(row[0]) if row is not None else 0


def place_topic(topic: str, section: int) -> None:
    """A topic's texts stand in a section; where they stood in another one, they are looked through for its terms."""
    with transaction.atomic():
        row, is_new = SectionTopic.objects.select_for_update().get_or_create(topic=topic, defaults={"section": section})
        if is_new or row.section == section:
            return
        SectionTopic.objects.filter(pk=row.pk).update(section=section)
        Recheck.objects.create(topic=topic)
