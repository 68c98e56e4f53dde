from doorward.proto.v1 import objective_pb2 as _objective_pb2
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Identity(_message.Message):
    __slots__ = ("name", "build", "public_key")
    NAME_FIELD_NUMBER: _ClassVar[int]
    BUILD_FIELD_NUMBER: _ClassVar[int]
    PUBLIC_KEY_FIELD_NUMBER: _ClassVar[int]
    name: str
    build: str
    public_key: bytes
    def __init__(self, name: _Optional[str] = ..., build: _Optional[str] = ..., public_key: _Optional[bytes] = ...) -> None: ...

class Countersignature(_message.Message):
    __slots__ = ("statement", "signature")
    STATEMENT_FIELD_NUMBER: _ClassVar[int]
    SIGNATURE_FIELD_NUMBER: _ClassVar[int]
    statement: bytes
    signature: bytes
    def __init__(self, statement: _Optional[bytes] = ..., signature: _Optional[bytes] = ...) -> None: ...

class Receipt(_message.Message):
    __slots__ = ("seq", "objective", "step", "destination", "release", "rule", "size", "content_sha256", "previous_sha256", "at_ms", "signature")
    SEQ_FIELD_NUMBER: _ClassVar[int]
    OBJECTIVE_FIELD_NUMBER: _ClassVar[int]
    STEP_FIELD_NUMBER: _ClassVar[int]
    DESTINATION_FIELD_NUMBER: _ClassVar[int]
    RELEASE_FIELD_NUMBER: _ClassVar[int]
    RULE_FIELD_NUMBER: _ClassVar[int]
    SIZE_FIELD_NUMBER: _ClassVar[int]
    CONTENT_SHA256_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_SHA256_FIELD_NUMBER: _ClassVar[int]
    AT_MS_FIELD_NUMBER: _ClassVar[int]
    SIGNATURE_FIELD_NUMBER: _ClassVar[int]
    seq: int
    objective: str
    step: str
    destination: str
    release: _objective_pb2.Release
    rule: str
    size: int
    content_sha256: bytes
    previous_sha256: bytes
    at_ms: int
    signature: bytes
    def __init__(self, seq: _Optional[int] = ..., objective: _Optional[str] = ..., step: _Optional[str] = ..., destination: _Optional[str] = ..., release: _Optional[_Union[_objective_pb2.Release, str]] = ..., rule: _Optional[str] = ..., size: _Optional[int] = ..., content_sha256: _Optional[bytes] = ..., previous_sha256: _Optional[bytes] = ..., at_ms: _Optional[int] = ..., signature: _Optional[bytes] = ...) -> None: ...
