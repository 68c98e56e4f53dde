"""What a crossing's receipt says of the message that goes up: size, and digest of its bytes.

The same bytes lie in the outbox afterwards: both encode the same message with the ledger's salt.
It writes nothing and decides nothing; the door calls it before the receipt is written.
"""

from __future__ import annotations

from collections.abc import Callable

from doorward.cloud_bridge.messages import Up
from doorward.cloud_bridge.received import digest_of
from doorward.daemon.receipts.entries import Sent


def sent_as(text: str, up: Up, salt: Callable[[bytes], bytes]) -> Sent:
    """Return what the receipt of a message says.

    Args:
        text: What of it is content, for the user to read afterwards.
        up: The message.
        salt: The ledger's.

    Raises:
        TooLarge: The message does not fit into one entry of the outbox.
        Malformed: It holds a value that the wire cannot.
    """
    from doorward.cloud_bridge.codec import encode_up  # protobuf: not in an idle daemon

    wire = encode_up(up, salt)
    return Sent(text, len(wire), digest_of(wire))
