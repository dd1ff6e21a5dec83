"""The nginx configuration that we ship, with the places of a test or a measurement."""

from pathlib import Path

DEPLOY = Path(__file__).parent.parent / "deploy"


def shipped_nginx(home: Path, *, port: int, behind: int) -> str:
    """What stands in nginx's http block: it listens at ``port``, Dragoman at ``behind``; pages lie in the home."""
    text = (DEPLOY / "nginx.conf").read_text()
    for there, here in {
        "listen 80;": f"listen 127.0.0.1:{port};",
        "server 127.0.0.1:8000;": f"server 127.0.0.1:{behind};",
        "/run/dragoman-pages": str(home / "pages"),
        "/srv/paper": str(home),
        "/etc/nginx": str(DEPLOY),
    }.items():
        if there not in text:
            raise ValueError(f"{there} stands no longer in deploy/nginx.conf")
        text = text.replace(there, here)
    return text
