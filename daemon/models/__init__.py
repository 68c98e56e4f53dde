"""The models on this device: fetching them, the reader process that runs one, and its client.

The daemon imports `client` and `fetch` alone; `worker`, `engine` and `gguf` live only in the reader
process, which is the one place where MLX is imported.
"""
