"""The sandbox: how a process gives up its rights before it meets what others wrote.

It starts no process and knows no document, model or connector. The document worker, the reader's
process and `connectors` confine themselves with it.
"""
