"""The bridge between the device and an orchestrator: messages, link and both ends.

`device` and `orchestrator` never import each other; what they share is `messages`, `codec` and the
plan language of `policies.plan`. Nothing else of ours imports grpc or the generated protobuf code.
"""
