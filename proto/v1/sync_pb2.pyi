from doorward.proto.v1 import objective_pb2 as _objective_pb2
from doorward.proto.v1 import plan_pb2 as _plan_pb2
from doorward.proto.v1 import receipts_pb2 as _receipts_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class RefusalKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    REFUSAL_KIND_UNSPECIFIED: _ClassVar[RefusalKind]
    REFUSAL_KIND_VERSION: _ClassVar[RefusalKind]
    REFUSAL_KIND_PROTOCOL: _ClassVar[RefusalKind]
    REFUSAL_KIND_SUPERSEDED: _ClassVar[RefusalKind]
REFUSAL_KIND_UNSPECIFIED: RefusalKind
REFUSAL_KIND_VERSION: RefusalKind
REFUSAL_KIND_PROTOCOL: RefusalKind
REFUSAL_KIND_SUPERSEDED: RefusalKind

class SessionRequest(_message.Message):
    __slots__ = ("hello", "ack", "up")
    HELLO_FIELD_NUMBER: _ClassVar[int]
    ACK_FIELD_NUMBER: _ClassVar[int]
    UP_FIELD_NUMBER: _ClassVar[int]
    hello: Hello
    ack: DownAck
    up: Up
    def __init__(self, hello: _Optional[_Union[Hello, _Mapping]] = ..., ack: _Optional[_Union[DownAck, _Mapping]] = ..., up: _Optional[_Union[Up, _Mapping]] = ...) -> None: ...

class SessionResponse(_message.Message):
    __slots__ = ("welcome", "ack", "down", "bookmark", "drain", "refusal")
    WELCOME_FIELD_NUMBER: _ClassVar[int]
    ACK_FIELD_NUMBER: _ClassVar[int]
    DOWN_FIELD_NUMBER: _ClassVar[int]
    BOOKMARK_FIELD_NUMBER: _ClassVar[int]
    DRAIN_FIELD_NUMBER: _ClassVar[int]
    REFUSAL_FIELD_NUMBER: _ClassVar[int]
    welcome: Welcome
    ack: UpAck
    down: Down
    bookmark: Bookmark
    drain: Drain
    refusal: Refusal
    def __init__(self, welcome: _Optional[_Union[Welcome, _Mapping]] = ..., ack: _Optional[_Union[UpAck, _Mapping]] = ..., down: _Optional[_Union[Down, _Mapping]] = ..., bookmark: _Optional[_Union[Bookmark, _Mapping]] = ..., drain: _Optional[_Union[Drain, _Mapping]] = ..., refusal: _Optional[_Union[Refusal, _Mapping]] = ...) -> None: ...

class Hello(_message.Message):
    __slots__ = ("device", "epoch", "down_ack", "up_head", "up_acked", "proto_min", "proto_max", "tools", "credits", "chain_hash")
    DEVICE_FIELD_NUMBER: _ClassVar[int]
    EPOCH_FIELD_NUMBER: _ClassVar[int]
    DOWN_ACK_FIELD_NUMBER: _ClassVar[int]
    UP_HEAD_FIELD_NUMBER: _ClassVar[int]
    UP_ACKED_FIELD_NUMBER: _ClassVar[int]
    PROTO_MIN_FIELD_NUMBER: _ClassVar[int]
    PROTO_MAX_FIELD_NUMBER: _ClassVar[int]
    TOOLS_FIELD_NUMBER: _ClassVar[int]
    CREDITS_FIELD_NUMBER: _ClassVar[int]
    CHAIN_HASH_FIELD_NUMBER: _ClassVar[int]
    device: str
    epoch: str
    down_ack: int
    up_head: int
    up_acked: int
    proto_min: int
    proto_max: int
    tools: _containers.RepeatedCompositeFieldContainer[_plan_pb2.ToolSpec]
    credits: int
    chain_hash: bytes
    def __init__(self, device: _Optional[str] = ..., epoch: _Optional[str] = ..., down_ack: _Optional[int] = ..., up_head: _Optional[int] = ..., up_acked: _Optional[int] = ..., proto_min: _Optional[int] = ..., proto_max: _Optional[int] = ..., tools: _Optional[_Iterable[_Union[_plan_pb2.ToolSpec, _Mapping]]] = ..., credits: _Optional[int] = ..., chain_hash: _Optional[bytes] = ...) -> None: ...

class Welcome(_message.Message):
    __slots__ = ("up_ack", "down_head", "proto", "must_refetch", "session_term", "chain_hash", "identity", "received", "seen_entries", "seen_hash")
    UP_ACK_FIELD_NUMBER: _ClassVar[int]
    DOWN_HEAD_FIELD_NUMBER: _ClassVar[int]
    PROTO_FIELD_NUMBER: _ClassVar[int]
    MUST_REFETCH_FIELD_NUMBER: _ClassVar[int]
    SESSION_TERM_FIELD_NUMBER: _ClassVar[int]
    CHAIN_HASH_FIELD_NUMBER: _ClassVar[int]
    IDENTITY_FIELD_NUMBER: _ClassVar[int]
    RECEIVED_FIELD_NUMBER: _ClassVar[int]
    SEEN_ENTRIES_FIELD_NUMBER: _ClassVar[int]
    SEEN_HASH_FIELD_NUMBER: _ClassVar[int]
    up_ack: int
    down_head: int
    proto: int
    must_refetch: bool
    session_term: int
    chain_hash: bytes
    identity: _receipts_pb2.Identity
    received: _containers.RepeatedCompositeFieldContainer[_receipts_pb2.Countersignature]
    seen_entries: int
    seen_hash: bytes
    def __init__(self, up_ack: _Optional[int] = ..., down_head: _Optional[int] = ..., proto: _Optional[int] = ..., must_refetch: _Optional[bool] = ..., session_term: _Optional[int] = ..., chain_hash: _Optional[bytes] = ..., identity: _Optional[_Union[_receipts_pb2.Identity, _Mapping]] = ..., received: _Optional[_Iterable[_Union[_receipts_pb2.Countersignature, _Mapping]]] = ..., seen_entries: _Optional[int] = ..., seen_hash: _Optional[bytes] = ...) -> None: ...

class DownAck(_message.Message):
    __slots__ = ("seq", "add_credits")
    SEQ_FIELD_NUMBER: _ClassVar[int]
    ADD_CREDITS_FIELD_NUMBER: _ClassVar[int]
    seq: int
    add_credits: int
    def __init__(self, seq: _Optional[int] = ..., add_credits: _Optional[int] = ...) -> None: ...

class UpAck(_message.Message):
    __slots__ = ("seq", "received")
    SEQ_FIELD_NUMBER: _ClassVar[int]
    RECEIVED_FIELD_NUMBER: _ClassVar[int]
    seq: int
    received: _containers.RepeatedCompositeFieldContainer[_receipts_pb2.Countersignature]
    def __init__(self, seq: _Optional[int] = ..., received: _Optional[_Iterable[_Union[_receipts_pb2.Countersignature, _Mapping]]] = ...) -> None: ...

class Up(_message.Message):
    __slots__ = ("seq", "key", "body", "ledger_entries", "ledger_hash")
    SEQ_FIELD_NUMBER: _ClassVar[int]
    KEY_FIELD_NUMBER: _ClassVar[int]
    BODY_FIELD_NUMBER: _ClassVar[int]
    LEDGER_ENTRIES_FIELD_NUMBER: _ClassVar[int]
    LEDGER_HASH_FIELD_NUMBER: _ClassVar[int]
    seq: int
    key: str
    body: _objective_pb2.UpBody
    ledger_entries: int
    ledger_hash: bytes
    def __init__(self, seq: _Optional[int] = ..., key: _Optional[str] = ..., body: _Optional[_Union[_objective_pb2.UpBody, _Mapping]] = ..., ledger_entries: _Optional[int] = ..., ledger_hash: _Optional[bytes] = ...) -> None: ...

class Down(_message.Message):
    __slots__ = ("seq", "key", "body")
    SEQ_FIELD_NUMBER: _ClassVar[int]
    KEY_FIELD_NUMBER: _ClassVar[int]
    BODY_FIELD_NUMBER: _ClassVar[int]
    seq: int
    key: str
    body: _objective_pb2.DownBody
    def __init__(self, seq: _Optional[int] = ..., key: _Optional[str] = ..., body: _Optional[_Union[_objective_pb2.DownBody, _Mapping]] = ...) -> None: ...

class Bookmark(_message.Message):
    __slots__ = ("down_head",)
    DOWN_HEAD_FIELD_NUMBER: _ClassVar[int]
    down_head: int
    def __init__(self, down_head: _Optional[int] = ...) -> None: ...

class Drain(_message.Message):
    __slots__ = ("reconnect_after_ms",)
    RECONNECT_AFTER_MS_FIELD_NUMBER: _ClassVar[int]
    reconnect_after_ms: int
    def __init__(self, reconnect_after_ms: _Optional[int] = ...) -> None: ...

class Refusal(_message.Message):
    __slots__ = ("kind", "reason")
    KIND_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    kind: RefusalKind
    reason: str
    def __init__(self, kind: _Optional[_Union[RefusalKind, str]] = ..., reason: _Optional[str] = ...) -> None: ...
