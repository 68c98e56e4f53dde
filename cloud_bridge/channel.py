"""The gRPC settings that both ends share, and the limits of a frame.

No logic. `device.link` and `orchestrator.service` read it; the numbers were measured, see each.
"""

from __future__ import annotations

MAX_FRAME = 320 * 1024
"""Bytes: one entry of 256 KiB, its key, and a Hello with a large catalogue."""


def client_options(target: str) -> list[tuple[str, int | str]]:
    """Return the channel's options.

    Over a Unix socket the kernel tells at once when the other end dies, so nothing is sent while
    idle. Over a network a half-open connection is found within 30 s.
    """
    options: list[tuple[str, int | str]] = [
        ("grpc.max_receive_message_length", MAX_FRAME),
        ("grpc.max_send_message_length", MAX_FRAME),
        ("grpc.enable_retries", 0),
        ("grpc.use_local_subchannel_pool", 1),
        ("grpc.default_authority", "doorward"),  # else part of the target, which may hold a path
    ]
    if not target.startswith("unix:"):
        options += [
            ("grpc.keepalive_time_ms", 20_000),
            ("grpc.keepalive_timeout_ms", 10_000),
            ("grpc.keepalive_permit_without_calls", 1),
            ("grpc.http2.max_pings_without_data", 0),
        ]
    return options


def server_options(target: str) -> list[tuple[str, int]]:
    """Return the server's options; a connection lives an hour, so a revoked one ends."""
    options = [
        ("grpc.max_receive_message_length", MAX_FRAME),
        ("grpc.max_send_message_length", MAX_FRAME),
        ("grpc.so_reuseport", 0),
        # Without it a client's 20 s keepalive is answered with "too many pings".
        ("grpc.http2.min_ping_interval_without_data_ms", 10_000),
    ]
    if not target.startswith("unix:"):
        options += [
            ("grpc.max_connection_age_ms", 3_600_000),
            ("grpc.max_connection_age_grace_ms", 30_000),
        ]
    return options
