"""Pictures and documents: in the home's ``media/``, or in a store that speaks S3 (``media.storage``)."""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib import import_module
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit

from django.core.files import File
from django.core.files.storage import Storage, default_storage

from dragoman.config.home import Home


def storage_of(home: Home) -> dict[str, Any]:
    """Django's ``STORAGES["default"]``."""
    if not home.has_media_elsewhere:
        return {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    public = urlsplit(media_url(home))
    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": home.values["media.bucket"],
            "endpoint_url": home.values["media.endpoint"] or None,
            "region_name": home.values["media.region"] or None,
            "access_key": home.values["media.key"] or None,
            "secret_key": home.values["media.secret"] or None,
            "custom_domain": f"{public.netloc}{public.path}".rstrip("/"),
            "url_protocol": f"{public.scheme}:",
            "querystring_auth": False,
            "file_overwrite": False,  # two pictures of one name are two pictures
            "default_acl": None,
        },
    }


def media_url(home: Home) -> str:
    """Where readers' browsers find media, with a slash at its end."""
    return str(home.values["media.url"]).rstrip("/") + "/" if home.has_media_elsewhere else "/media/"


def media_origin(home: Home) -> str:
    """What the content security policy names besides our own origin; empty where media are our own."""
    if not home.has_media_elsewhere:
        return ""
    public = urlsplit(media_url(home))
    return f"{public.scheme}://{public.netloc}"


def stored_elsewhere(storage: Storage = default_storage, folder: str = "") -> Iterator[tuple[str, int, IO[bytes]]]:
    """Every file of the store: name, bytes, and the open file."""
    with _faults_as_os_errors():
        folders, files = storage.listdir(folder)
    for name in sorted(files):
        path = f"{folder}{name}"
        with ExitStack() as stack:
            with _faults_as_os_errors():
                file = stack.enter_context(storage.open(path))
                file.seek(0)  # it is fetched now
                size = storage.size(path)
            yield path, size, file
    for one in sorted(folders):
        yield from stored_elsewhere(storage, f"{folder}{one}/")


def bring_elsewhere(folder: Path, storage: Storage = default_storage) -> None:
    """Put a folder's files into the store, those that it lacks, and remove the folder."""
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file():
            with _faults_as_os_errors(), path.open("rb") as file:
                if not storage.exists(name):
                    storage.save(name, File(file))
    shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _faults_as_os_errors() -> Iterator[None]:
    """What a store answers is of its library's own kind otherwise."""
    # Large, and only such stores need them.
    known, moving = import_module("botocore.exceptions"), import_module("s3transfer.exceptions")
    try:
        yield
    except (known.BotoCoreError, known.ClientError, moving.RetriesExceededError) as fault:
        raise OSError(f"the store of media: {fault}") from fault
