"""An e-mail address as it is typed on a phone."""

import pytest

from kyc.domain.contacts import ContactError, ContactFault, normalise


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("hong@example.kr", "hong@example.kr"),
        ("  Hong.Gildong@Example.KR ", "Hong.Gildong@example.kr"),
        ("ｈｏｎｇ＠ｅｘａｍｐｌｅ．ｋｒ", "hong@example.kr"),
        ("hong @ example . kr", "hong@example.kr"),
        ("hong@example。kr", "hong@example.kr"),
        ("hong\u200b@example.kr\u00a0", "hong@example.kr"),
        ("mailto:hong@example.kr", "hong@example.kr"),
        ("hong+bank@mail.example.co.kr", "hong+bank@mail.example.co.kr"),
        ("hong@한국은행.한국", f"hong@{'한국은행.한국'.encode('idna').decode()}"),
    ],
)
def test_what_phones_make_of_an_address_is_mended(typed: str, meant: str) -> None:
    assert normalise(typed) == meant


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ("", ContactFault.EMPTY),
        (" \u3000", ContactFault.EMPTY),
        ("hong", ContactFault.NO_AT),
        ("@example.kr", ContactFault.NO_AT),
        ("hong@", ContactFault.NO_AT),
        ("010-1234-5678", ContactFault.NO_AT),
        ("hong@example", ContactFault.NO_ENDING),
        ("hong@example.", ContactFault.NO_ENDING),
        ("hong@example..kr", ContactFault.NO_ENDING),
        ("hong@127.0.0.1", ContactFault.NO_ENDING),
        ("hong@[127.0.0.1]", ContactFault.CHARACTERS),
        ("홍길동@example.kr", ContactFault.CHARACTERS),
        ("hong😀@example.kr", ContactFault.CHARACTERS),
        ("hong@exam😀ple.kr", ContactFault.CHARACTERS),
        ("hong@☺.kr", ContactFault.CHARACTERS),
        ("hong@example.kr\0", ContactFault.CHARACTERS),
        ("hong@other@example.kr", ContactFault.CHARACTERS),
        ("hong,kim@example.kr", ContactFault.CHARACTERS),
        ("<hong@example.kr>", ContactFault.CHARACTERS),
        ('"hong"@example.kr', ContactFault.CHARACTERS),
        ("ho..ng@example.kr", ContactFault.CHARACTERS),
        ("hong@-example.kr", ContactFault.CHARACTERS),
        ("h" * 65 + "@example.kr", ContactFault.LONG),
        ("hong@" + "a." * 125 + "kr", ContactFault.LONG),
        ("h" * 5000, ContactFault.CHARACTERS),
    ],
)
def test_what_is_no_address_is_refused_with_its_reason_and_not_repeated(
    typed: str, fault: ContactFault
) -> None:
    with pytest.raises(ContactError) as told:
        normalise(typed)
    assert told.value.fault is fault
    assert not typed.strip() or typed not in str(told.value)


def test_a_line_break_never_comes_into_a_header() -> None:
    assert normalise("hong@example.kr\r\n") == "hong@example.kr"
    with pytest.raises(ContactError):
        normalise("hong@example.kr\r\nBcc: kim@example.kr")
