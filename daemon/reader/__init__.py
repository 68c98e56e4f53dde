"""The reader process: the one place where MLX is imported.

Text in; spans, choices, vectors and bounded text out. It has no network, no files but its models
and no tools. `daemon.models.client` starts it; nothing else of the daemon imports this room.
"""
