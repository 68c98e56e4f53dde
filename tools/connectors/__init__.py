"""Connectors: programs that others wrote, spoken to over MCP, each in a sandbox of its own.

Not a registry: `daemon.connectors` reads which there are; `daemon.door` judges what goes to them.
"""
