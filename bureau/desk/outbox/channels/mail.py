"""E-mail by the server of EMAIL_URL. What it answers decides who is to blame: the message, the receiver or the way."""

from __future__ import annotations

import smtplib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from bureau.desk.outbox.channels.parcel import Parcel, Send
from bureau.desk.outbox.failures import Deferred, DeliveryFailed, Rejected, Unreachable

PERMANENT = 500


class Mail:
    def is_on(self) -> bool:
        return bool(settings.EMAIL_URL)

    @contextmanager
    def open(self) -> Iterator[Send]:
        """One connection for the knock; raises Unreachable when the server is away or refuses the account."""
        line = get_connection()
        try:
            line.open()
        except (OSError, smtplib.SMTPException) as error:
            raise told(error) from error
        try:
            yield lambda parcel: send(line, parcel)
        finally:
            with suppress(OSError, smtplib.SMTPException):
                line.close()


def send(line: Any, parcel: Parcel) -> None:
    try:
        line.send_messages([letter_of(parcel)])
    except (OSError, smtplib.SMTPException) as error:
        raise told(error) from error
    except ValueError as error:  # an address that cannot stand in a header
        raise Rejected("bad_address") from error


def letter_of(parcel: Parcel) -> EmailMessage:
    """Plain text; the Message-ID stays the same at each try, and no robot is to answer."""
    host = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].partition("@")[2] or "localhost"
    return EmailMessage(
        subject=parcel.title,
        body=f"{parcel.title}\n\n{parcel.url}\n\n{parcel.hint}\n",
        to=[parcel.address],
        headers={"Message-ID": f"<{parcel.id}@{host}>", "Auto-Submitted": "auto-generated"},
    )


def told(error: Exception) -> DeliveryFailed:
    """A recipient or a content refused with 5xx is refused for good; a sign-in or a sender refused is our own fault."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code = max((code for code, _words in error.recipients.values()), default=0)
        return Rejected(f"recipient_refused {code}") if code >= PERMANENT else Deferred(f"recipient_deferred {code}")
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return Unreachable(f"sign_in_refused {error.smtp_code}")
    if isinstance(error, smtplib.SMTPDataError):
        code = error.smtp_code
        return Rejected(f"content_refused {code}") if code >= PERMANENT else Deferred(f"content_deferred {code}")
    if isinstance(error, smtplib.SMTPResponseException):
        return Unreachable(f"server_refused {error.smtp_code}")
    return Unreachable("timeout" if isinstance(error, TimeoutError) else "no_connection")
