"""Makes e-mails as programs send them."""

from __future__ import annotations

from collections.abc import Mapping
from email.message import EmailMessage

HEADERS = {
    "From": "Ann Seller <ann@seller.example>",
    "To": "Bob Buyer <bob@buyer.example>",
    "Subject": "The agreement",
    "Date": "Mon, 02 Nov 2026 09:00:00 +0000",
}


def mail(
    text: str = "Dear Bob, the agreement is attached.",
    *,
    html: str | None = None,
    attachments: Mapping[str, bytes] = {},
    headers: Mapping[str, str] = {},
) -> EmailMessage:
    """A message with alternatives and attachments as asked for; `headers` replace the usual ones."""
    message = EmailMessage()
    for name, value in {**HEADERS, **headers}.items():
        message[name] = value
    message.set_content(text)
    if html is not None:
        message.add_alternative(html, subtype="html")
    for name, content in attachments.items():
        message.add_attachment(content, "application", "octet-stream", filename=name)
    return message
