"""The orchestrator: plans objectives and hands out their steps, at home or on a server.

It never sees content that was not released, and imports nothing of the daemon, the tools or the
device half. `orchestrator.main` starts it; the device reaches it over the bridge alone.
"""
