"""The configurations of nginx and Varnish that we ship, with the places of a test or a measurement."""

import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

DEPLOY = Path(__file__).parent.parent / "deploy"
_MAIN = """
user root; worker_processes 1; daemon off; pid {folder}/pid; error_log {folder}/error.log;
load_module /usr/lib/nginx/modules/ngx_http_brotli_static_module.so;
events {{ worker_connections 256; }}
http {{
  access_log off;
  client_body_temp_path {folder}; proxy_temp_path {folder}; fastcgi_temp_path {folder};
  uwsgi_temp_path {folder}; scgi_temp_path {folder};
  types {{ text/css css; text/javascript js; }}
  {site}
}}
"""


def shipped_nginx(home: Path, *, port: int, behind: Sequence[int]) -> str:
    """What stands in nginx's http block: at ``port``, Dragoman at each of ``behind``; pages lie in the home."""
    text = (DEPLOY / "nginx.conf").read_text()
    for there, here in {
        "listen 80;": f"listen 127.0.0.1:{port};",
        "server 127.0.0.1:8000;": " ".join(f"server 127.0.0.1:{one};" for one in behind),
        "/run/dragoman-pages": str(home / "pages"),
        "/srv/paper": str(home),
        "/etc/nginx": str(DEPLOY),
    }.items():
        if there not in text:
            raise ValueError(f"{there} stands no longer in deploy/nginx.conf")
        text = text.replace(there, here)
    return text


@contextmanager
def nginx_before(home: Path, *, port: int, behind: Sequence[int]) -> Iterator[None]:
    """The shipped nginx, until the end of the block."""
    folder = home / "nginx"
    folder.mkdir()
    site = shipped_nginx(home, port=port, behind=behind)
    (folder / "nginx.conf").write_text(_MAIN.format(folder=folder, site=site))
    process = subprocess.Popen(["nginx", "-c", str(folder / "nginx.conf")], stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.terminate()
        process.wait(10)


@contextmanager
def varnish_before(folder: Path, *, port: int, behind: int) -> Iterator[None]:
    """The shipped Varnish, until the end of the block."""
    text = (DEPLOY / "varnish.vcl").read_text()
    if '.port = "8000";' not in text:
        raise ValueError("the port stands no longer in deploy/varnish.vcl")
    folder.mkdir()
    (folder / "default.vcl").write_text(text.replace('.port = "8000";', f'.port = "{behind}";'))
    # Without a jail: it would read the configuration, and write its folder, as a user that may not.
    told = ["-F", "-j", "none", "-n", str(folder / "run"), "-f", str(folder / "default.vcl"), "-s", "malloc,32m"]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(["varnishd", *told, "-a", f"127.0.0.1:{port}"], stdout=log, stderr=log)
    try:
        yield
    finally:
        process.terminate()
        process.wait(10)
