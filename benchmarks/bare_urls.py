"""The one view of ``bare_insert``."""

import json

from django.db import transaction
from django.http import HttpRequest, JsonResponse
from django.urls import re_path
from django.utils.timezone import now

from dragoman.live.models import OutboxEvent


def insert(request: HttpRequest) -> JsonResponse:
    """A row with the text that was sent; its id when it is on disk."""
    sent = json.loads(request.body)
    with transaction.atomic():
        row = OutboxEvent.objects.create(topic="bare", kind="bare", data={"text": sent["text"]}, at=now())
    return JsonResponse({"id": row.pk}, status=201)


urlpatterns = [re_path("", insert)]
