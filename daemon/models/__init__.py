"""The models on this device: fetching them, and the client of the reader process that runs one.

It imports no model library: MLX lives in `daemon.reader`, which is a process of its own.
"""
