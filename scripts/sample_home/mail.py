"""Write mails as a mail program stores them: .eml, CRLF, encoded where it must be.

It is not a mail client. The modules of documents call it.
"""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from email import policy
from email.message import EmailMessage
from email.utils import format_datetime

from sample_home.tree import MAIL

HERE = f"Anna Berger <{MAIL}>"


def letter(*, sender: str, to: str, subject: str, sent: str, text: str, html: str = "") -> bytes:
    """Return one mail.

    Args:
        sender: Name and address.
        to: Name and address.
        subject: The subject line.
        sent: ISO date and time in Hamburg, e.g. `2026-10-12T09:30`.
        text: The plain body.
        html: A second body, beside or (when `text` is empty) instead of the plain one.
    """
    when = datetime.fromisoformat(sent)
    summer = "03-29" <= sent[5:10] < "10-25"
    message = EmailMessage(policy=policy.SMTP)
    message["From"] = sender
    message["To"] = to
    message["Subject"] = subject
    message["Date"] = format_datetime(when.replace(tzinfo=timezone(timedelta(hours=1 + summer))))
    domain = sender.rpartition("@")[2].strip(">")
    message["Message-ID"] = f"<{sent.translate(str.maketrans('', '', '-:T'))}.7@{domain}>"
    if text:
        message.set_content(text)
    if html and text:
        message.add_alternative(html, subtype="html")
        message.set_boundary(f"=_part_{sent[:10]}")
    elif html:
        message.set_content(html, subtype="html")
    return message.as_bytes()
