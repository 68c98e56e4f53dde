"""The outgoing proxy: the only way from a connector's sandbox to its own hosts.

What connectors sign in with (`credentials`) is kept here, where it is put in. It judges nothing but
whether a host is the connector's own. `daemon.main` constructs it.
"""

from __future__ import annotations
