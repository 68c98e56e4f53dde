"""Version 1 of the wire: `*.proto` by hand, `*_pb2*` by `scripts/protos`, both committed.

It is not edited after a release but by adding fields; `scripts/protos --check` holds it to that.
`cloud_bridge` reads it.
"""
