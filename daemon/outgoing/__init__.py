"""The outgoing proxy: the only way from a connector's sandbox to its own hosts."""

from __future__ import annotations
