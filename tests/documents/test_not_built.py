"""Where nobody built the documentation its address says so."""

from pathlib import Path

from django.conf import LazySettings
from django.test import Client


def test_without_the_site_the_address_says_how_to_build_it(
    db: None, client: Client, settings: LazySettings, tmp_path: Path
) -> None:
    settings.DOCS_ROOT = tmp_path / "docs"
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    answer = client.get("/docs/", headers={"accept-language": "en"})
    assert answer.status_code == 404
    assert "make docs" in answer.content.decode()
