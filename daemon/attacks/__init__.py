"""Attacks: what hostile documents, connectors and planners try, run against the real parts.

Nothing of the daemon imports it but `doorward attack`, and only when that is asked for.
"""
