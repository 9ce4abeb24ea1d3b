"""Name, logo, colours, texts and legal notices come from one file; a wrong one stops the start with a sentence."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client

from kyc import branding, checks
from kyc.domain.contrast import contrast, parse
from kyc.models import Notice
from tests.onboarding import way

GOOD: dict[str, Any] = {
    "name": {"ko": "한빛은행", "en": "Hanbit Bank"},
    "contact": {"ko": "고객센터 02-000-0000", "en": "Help desk 02-000-0000"},
    "logo": "logo.svg",
    "colours": {
        "light": {"lead": "#7a1f4f", "lead_ink": "#ffffff"},
        "dark": {"lead": "#f2a7cb", "lead_ink": "#3a0a24"},
    },
    "texts": {"start_title": {"ko": "한빛 계좌를 여세요", "en": "Open your Hanbit account"}},
    "legal": [
        {
            "title": {"ko": "개인정보 처리방침", "en": "Privacy policy"},
            "url": "https://hanbit.example/privacy",
        }
    ],
    "notices": {
        "identity": {
            "version": "hanbit-3",
            "ko": [["누가", "한빛은행"]],
            "en": [["Who", "Hanbit Bank, Seoul"], ["What for", "To open your account."]],
        }
    },
}
Write = Callable[..., str]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes the good file with some entries changed; its path."""

    def new(**changed: Any) -> str:
        (tmp_path / "logo.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>')
        told = {key: value for key, value in (GOOD | changed).items() if value is not None}
        file = tmp_path / f"brand-{len(list(tmp_path.iterdir()))}.json"
        file.write_text(json.dumps(told, ensure_ascii=False))
        return str(file)

    return new


def test_pages_carry_the_brand_in_the_language_of_their_reader(
    browser: Client, korean: Client, settings: LazySettings, write: Write
) -> None:
    settings.BRAND = write()
    page = browser.get("/")
    for text in ("Hanbit Bank", "Open your Hanbit account", "Help desk 02-000-0000", "Privacy policy"):
        assert text in way.words(page)
    assert "한빛 계좌를 여세요" in way.words(korean.get("/"))
    version = branding.brand().version
    colours = browser.get(f"/brand/{version}/colours.css")
    assert "--lead: #7a1f4f" in colours.content.decode()
    assert "immutable" in colours.headers["Cache-Control"]
    assert f"/brand/{version}/colours.css" in page.content.decode()
    assert browser.get(f"/brand/{version}/logo").headers["Content-Type"] == "image/svg+xml"
    assert browser.get("/brand/old/colours.css").status_code == 404


def test_the_operators_own_notice_is_shown_and_recorded_under_its_version(
    browser: Client, settings: LazySettings, write: Write
) -> None:
    settings.BRAND = write()
    way.begin(browser)
    assert "Hanbit Bank, Seoul" in way.words(browser.get("/notices/"))
    browser.post("/notices/")
    assert Notice.objects.get().version == "hanbit-3"


def test_without_a_brand_the_pages_are_the_products_own(browser: Client) -> None:
    html = browser.get("/").content.decode()
    assert "/brand/" not in html
    assert browser.get(f"/brand/{branding.brand().version}/colours.css").status_code == 404


def _check(settings: LazySettings, file: str) -> str:
    settings.BRAND = file
    return " ".join(str(problem.msg) for problem in checks.brand_can_be_shown(None))


def test_a_good_brand_passes_the_check(settings: LazySettings, write: Write) -> None:
    assert _check(settings, write()) == ""


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        (
            {"colours": GOOD["colours"] | {"light": {"lead": "#ff9a00", "lead_ink": "#ffffff"}}},
            "letters need 4.5",
        ),
        ({"colours": {"light": GOOD["colours"]["light"]}}, "needs light and dark"),
        ({"colours": GOOD["colours"] | {"light": {"lead": "red"}}}, "each as #rrggbb"),
        ({"name": {"en": "Hanbit"}}, "exactly the languages ko, en"),
        ({"contact": {"ko": " ", "en": "x"}}, "empty text"),
        ({"texts": {"headline": {"ko": "가", "en": "a"}}}, "not headline"),
        ({"logo": "none.svg"}, "cannot be read"),
        ({"logo": "logo.gif"}, "cannot be read"),
        ({"legal": [{"title": GOOD["name"], "url": "javascript:alert(1)"}]}, "begins with https://"),
        ({"notices": {"identity": {"version": "1", "ko": [["가", "나"]]}}}, "notices.identity.en"),
        ({"notices": {"identity": {"ko": [], "en": []}}}, "needs a version"),
        ({"color": {}}, "nothing else"),
    ],
)
def test_a_wrong_brand_stops_the_start_with_a_sentence(
    settings: LazySettings, write: Write, changed: dict[str, Any], sentence: str
) -> None:
    assert sentence in _check(settings, write(**changed))


def test_a_missing_or_broken_brand_file_stops_the_start(settings: LazySettings, tmp_path: Path) -> None:
    assert "cannot be read" in _check(settings, str(tmp_path / "none.json"))
    (tmp_path / "broken.json").write_text("{")
    assert "cannot be read" in _check(settings, str(tmp_path / "broken.json"))


def test_live_pictures_alone_need_a_way_round(settings: LazySettings) -> None:
    settings.LIVE_CAMERA_ONLY = True
    (problem,) = checks.live_only_has_a_way_round(None)
    assert "OPERATOR_COUNTER" in problem.msg
    settings.OPERATOR_COUNTER = "Jongno 1"
    assert checks.live_only_has_a_way_round(None) == []


def test_contrast_is_that_of_wcag() -> None:
    assert contrast(parse("#000000"), parse("#ffffff")) == pytest.approx(21)
    assert contrast(parse("#777777"), parse("#ffffff")) == pytest.approx(4.48, abs=0.01)
