"""Links to public documents, on a site of our own."""

from __future__ import annotations

import shutil
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from smallprint.errors import (
    DocumentTooLarge,
    ExternalFile,
    FileTooSlow,
    LinkClosed,
    LinkRefused,
    LinkUnreachable,
    SmallprintError,
)
from smallprint.models.domain import SharedFile
from smallprint.services.public_addresses import is_public
from smallprint.services.web_links import WebLinks
from tests.fakes.web_site import WebSite, bomb, drip, endless, make_certificate, page, redirect

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl makes the certificate")
PAGE = b"<!doctype html><p>The fee is 5 percent.</p>"
LIMIT = 1024 * 1024


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_certificate(tmp_path_factory.mktemp("site"))


@pytest.fixture
async def site(certificate: Path) -> AsyncIterator[WebSite]:
    async with WebSite(certificate).open() as site:
        yield site


def loopback_too(address: str) -> bool:
    return address == "127.0.0.1" or is_public(address)


def links_to(site: WebSite, **options: Any) -> WebLinks:
    wanted: dict[str, Any] = {
        "max_bytes": LIMIT,
        "timeout_s": 5.0,
        "lookup": site.lookup,
        "judge": loopback_too,
        "tls": site.trust(),
        "port": site.port,
    }
    return WebLinks(**wanted | options)


async def test_a_public_document_is_fetched_without_a_word_about_us(site) -> None:
    site.pages["/terms"] = page(PAGE)
    assert await links_to(site).fetch(site.url("/terms?v=2")) == SharedFile("terms.html", PAGE)
    (request,) = site.requests
    assert not {"Cookie", "Authorization", "Referer", "Proxy-Authorization"} & set(request.headers)
    assert "smallprint" not in str(request.headers).lower()


async def test_redirects_are_followed_and_carry_no_cookie(site) -> None:
    site.pages["/a"] = redirect("/b", 307)
    site.pages["/b"] = redirect(site.url("/c.txt", "other.example"))
    site.pages["/c.txt"] = page(b"words", "text/plain")
    assert await links_to(site).fetch(site.url("/a")) == SharedFile("c.txt", b"words")
    assert site.lookups == ["docs.example", "docs.example", "other.example"]
    assert all("Cookie" not in request.headers for request in site.requests)


async def test_redirects_come_to_an_end(site) -> None:
    site.pages["/a"] = redirect("/a")
    with pytest.raises(LinkClosed):
        await links_to(site).fetch(site.url("/a"))
    assert len(site.requests) == 6


@pytest.mark.parametrize(
    "target",
    [
        "http://docs.example/", "https://127.0.0.2/", "https://[::1]/", "https://169.254.169.254/latest/meta-data",
        "https://user:secret@docs.example/", "ftp://docs.example/", "file:///etc/passwd", "https://docs.example:22/", "",
    ],
)  # fmt: skip
async def test_every_redirect_is_judged_like_a_first_request(site, target) -> None:
    site.pages["/a"] = redirect(target)
    with pytest.raises(LinkRefused):
        await links_to(site).fetch(site.url("/a"))
    assert len(site.requests) == 1


@pytest.mark.parametrize(
    "addresses",
    [
        ["127.0.0.1"],
        ["10.0.0.1"],
        ["169.254.169.254"],
        ["::1"],
        ["::ffff:127.0.0.1"],
        ["93.184.215.14", "127.0.0.1"],
    ],
)
async def test_a_name_with_any_private_address_is_refused_before_a_connection(site, addresses) -> None:
    site.addresses = addresses
    with pytest.raises(LinkRefused):
        await links_to(site, judge=is_public).fetch(site.url("/a"))
    assert site.requests == []


async def test_a_name_that_changes_its_address_after_it_was_judged_is_refused(site) -> None:
    site.pages["/a"] = page(PAGE)
    judged: list[str] = []

    def once(address: str) -> bool:
        judged.append(address)
        return len(judged) == 1  # when the socket is made, the address turns out to be private

    with pytest.raises(LinkRefused):
        await links_to(site, judge=once).fetch(site.url("/a"))
    assert judged == ["127.0.0.1", "127.0.0.1"]
    assert site.requests == []


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/", "https://", "https:///a", "https://user@example.com/", "https://:secret@example.com/",
        "https://example.com:8443/", "https://127.0.0.1/", "https://[::1]/", "https://[::ffff:10.0.0.1]/", "https://2130706433/",
        "https://127.1/", "https://0x7f.0.0.1/", "https://0177.0.0.1/", "https://10.0.0.1:443/", "https://example.com\\@127.0.0.1/",
        "https://exa mple.com/", "https://example.com/\x00", "https://example.com/" + "a" * 3000, "https://[fe80::1%25eth0]/",
        "https://example.com:99999/", "https://[::1/", "javascript:alert(1)",
    ],
)  # fmt: skip
async def test_what_is_no_public_https_address_is_refused(url) -> None:
    async def lookup(host: str, port: int) -> list[str]:
        return ["127.0.0.1"]

    with pytest.raises(LinkRefused):
        await WebLinks(max_bytes=LIMIT, lookup=lookup).fetch(url)


@pytest.mark.parametrize(
    "url",
    [
        "https://docs.google.com/document/d/1/edit",
        "https://acme.sharepoint.com/x",
        "https://www.dropbox.com/s/1",
    ],
)
def test_a_link_to_a_viewer_says_what_to_do_instead(url) -> None:
    with pytest.raises(ExternalFile, match="download the document"):
        WebLinks(max_bytes=LIMIT).check(url)


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (401, LinkClosed),
        (403, LinkClosed),
        (404, LinkClosed),
        (204, LinkClosed),
        (429, LinkUnreachable),
        (503, LinkUnreachable),
    ],
)
async def test_an_answer_that_is_no_document_ends_in_a_sentence(
    site: WebSite, status: int, error: type[SmallprintError]
) -> None:
    site.pages["/a"] = page(b"", status=status)
    with pytest.raises(error):
        await links_to(site).fetch(site.url("/a"))


@pytest.mark.parametrize("content", [endless, bomb])
async def test_endless_pages_and_bombs_end_at_the_limit(site, content) -> None:
    site.pages["/a"] = content
    began = time.monotonic()
    with pytest.raises(DocumentTooLarge, match="larger than my limit of 1 MB"):
        await links_to(site).fetch(site.url("/a"))
    assert time.monotonic() - began < 30


async def test_a_promised_size_beyond_the_limit_is_not_read(site) -> None:
    site.pages["/a"] = page(bytes(2 * LIMIT))
    with pytest.raises(DocumentTooLarge):
        await links_to(site).fetch(site.url("/a"))


async def test_a_slow_drip_ends_in_time(site) -> None:
    site.pages["/a"] = drip
    with pytest.raises(FileTooSlow):
        await links_to(site, timeout_s=0.3).fetch(site.url("/a"))


async def test_a_certificate_that_nobody_vouches_for_is_no_site(site) -> None:
    site.pages["/a"] = page(PAGE)
    with pytest.raises(LinkUnreachable):
        await links_to(site, tls=None).fetch(site.url("/a"))
    assert site.requests == []


async def test_a_name_that_does_not_exist_is_not_reached(site) -> None:
    async def nowhere(host: str, port: int) -> list[str]:
        raise OSError("no such name")

    with pytest.raises(LinkUnreachable):
        await links_to(site, lookup=nowhere).fetch(site.url("/a"))


@pytest.mark.parametrize(
    ("path", "content_type", "disposition", "name"),
    [
        ("/terms.pdf", "application/pdf", "", "terms.pdf"),
        ("/terms", "application/pdf", "", "terms.pdf"),
        ("/", "text/html", "", "docs.example.html"),
        ("/get", "application/octet-stream", 'attachment; filename="Lease.docx"', "Lease.docx"),
        ("/get", "application/octet-stream", "attachment; filename*=UTF-8''Mietvertrag%20%C3%84.pdf", "Mietvertrag Ä.pdf"),
        ("/get", "text/plain", 'attachment; filename="../../etc/passwd"', "passwd"),
        ("/v1.2", "text/html", "", "v1.2"),
        ("/%E2%80%AEfdp.exe", "text/html", "", "fdp.exe"),
        ("/a%2F..%2F..%2Fb.txt", "text/plain", "", "b.txt"),
    ],
)  # fmt: skip
async def test_the_name_comes_from_the_answer_and_is_harmless(
    site, path, content_type, disposition, name
) -> None:
    answer = page(PAGE, content_type, **({"Content_Disposition": disposition} if disposition else {}))
    site.pages = dict.fromkeys([path, "/\u202efdp.exe", "/a/../../b.txt"], answer)
    assert (await links_to(site).fetch(site.url(path))).name == name


async def test_text_whose_encoding_only_the_answer_knows_is_marked(site) -> None:
    site.pages["/a.txt"] = page("Gebühr: 5 €".encode("iso-8859-15"), "text/plain; charset=iso-8859-15")
    file = await links_to(site).fetch(site.url("/a.txt"))
    assert file.content.decode("utf-8-sig") == "Gebühr: 5 €"
