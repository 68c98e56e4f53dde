"""The web: addresses, the one way out, and the tool that fetches a page.

Nothing is rendered and no redirect followed; whether an address may be told, the door has judged
before. Connectors and the daemon's proxy use `address` and `outgoing`, too.
"""
