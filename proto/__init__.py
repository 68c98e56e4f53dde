"""The wire: protobuf definitions and the code generated from them.

It holds no behaviour and no values of ours; `cloud_bridge.codec` is the only one that reads it.
"""
