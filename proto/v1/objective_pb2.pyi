from doorward.proto.v1 import plan_pb2 as _plan_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Outcome(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    OUTCOME_UNSPECIFIED: _ClassVar[Outcome]
    OUTCOME_OK: _ClassVar[Outcome]
    OUTCOME_REFUSED: _ClassVar[Outcome]
    OUTCOME_FAILED: _ClassVar[Outcome]
    OUTCOME_SKIPPED: _ClassVar[Outcome]

class Release(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    RELEASE_UNSPECIFIED: _ClassVar[Release]
    RELEASE_FULL: _ClassVar[Release]
    RELEASE_REDACTED: _ClassVar[Release]
    RELEASE_SHAPE: _ClassVar[Release]
    RELEASE_NOTHING: _ClassVar[Release]

class Influence(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    INFLUENCE_UNSPECIFIED: _ClassVar[Influence]
    INFLUENCE_USER: _ClassVar[Influence]
    INFLUENCE_CONTENT: _ClassVar[Influence]
OUTCOME_UNSPECIFIED: Outcome
OUTCOME_OK: Outcome
OUTCOME_REFUSED: Outcome
OUTCOME_FAILED: Outcome
OUTCOME_SKIPPED: Outcome
RELEASE_UNSPECIFIED: Release
RELEASE_FULL: Release
RELEASE_REDACTED: Release
RELEASE_SHAPE: Release
RELEASE_NOTHING: Release
INFLUENCE_UNSPECIFIED: Influence
INFLUENCE_USER: Influence
INFLUENCE_CONTENT: Influence

class Opened(_message.Message):
    __slots__ = ("objective", "text", "today", "tools")
    OBJECTIVE_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    TODAY_FIELD_NUMBER: _ClassVar[int]
    TOOLS_FIELD_NUMBER: _ClassVar[int]
    objective: str
    text: str
    today: str
    tools: _containers.RepeatedCompositeFieldContainer[_plan_pb2.ToolSpec]
    def __init__(self, objective: _Optional[str] = ..., text: _Optional[str] = ..., today: _Optional[str] = ..., tools: _Optional[_Iterable[_Union[_plan_pb2.ToolSpec, _Mapping]]] = ...) -> None: ...

class Observed(_message.Message):
    __slots__ = ("objective", "step", "outcome", "release", "content", "reason", "rule")
    OBJECTIVE_FIELD_NUMBER: _ClassVar[int]
    STEP_FIELD_NUMBER: _ClassVar[int]
    OUTCOME_FIELD_NUMBER: _ClassVar[int]
    RELEASE_FIELD_NUMBER: _ClassVar[int]
    CONTENT_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    RULE_FIELD_NUMBER: _ClassVar[int]
    objective: str
    step: str
    outcome: Outcome
    release: Release
    content: _plan_pb2.Datum
    reason: str
    rule: str
    def __init__(self, objective: _Optional[str] = ..., step: _Optional[str] = ..., outcome: _Optional[_Union[Outcome, str]] = ..., release: _Optional[_Union[Release, str]] = ..., content: _Optional[_Union[_plan_pb2.Datum, _Mapping]] = ..., reason: _Optional[str] = ..., rule: _Optional[str] = ...) -> None: ...

class StopAsked(_message.Message):
    __slots__ = ("objective",)
    OBJECTIVE_FIELD_NUMBER: _ClassVar[int]
    objective: str
    def __init__(self, objective: _Optional[str] = ...) -> None: ...

class Planned(_message.Message):
    __slots__ = ("objective", "plan", "understood")
    OBJECTIVE_FIELD_NUMBER: _ClassVar[int]
    PLAN_FIELD_NUMBER: _ClassVar[int]
    UNDERSTOOD_FIELD_NUMBER: _ClassVar[int]
    objective: str
    plan: _plan_pb2.Plan
    understood: str
    def __init__(self, objective: _Optional[str] = ..., plan: _Optional[_Union[_plan_pb2.Plan, _Mapping]] = ..., understood: _Optional[str] = ...) -> None: ...

class StepDue(_message.Message):
    __slots__ = ("objective", "step", "influence")
    OBJECTIVE_FIELD_NUMBER: _ClassVar[int]
    STEP_FIELD_NUMBER: _ClassVar[int]
    INFLUENCE_FIELD_NUMBER: _ClassVar[int]
    objective: str
    step: _plan_pb2.Step
    influence: Influence
    def __init__(self, objective: _Optional[str] = ..., step: _Optional[_Union[_plan_pb2.Step, _Mapping]] = ..., influence: _Optional[_Union[Influence, str]] = ...) -> None: ...

class Finished(_message.Message):
    __slots__ = ("objective",)
    OBJECTIVE_FIELD_NUMBER: _ClassVar[int]
    objective: str
    def __init__(self, objective: _Optional[str] = ...) -> None: ...

class Refused(_message.Message):
    __slots__ = ("objective", "reason", "nearest")
    OBJECTIVE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    NEAREST_FIELD_NUMBER: _ClassVar[int]
    objective: str
    reason: str
    nearest: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, objective: _Optional[str] = ..., reason: _Optional[str] = ..., nearest: _Optional[_Iterable[str]] = ...) -> None: ...

class UpBody(_message.Message):
    __slots__ = ("opened", "observed", "stop_asked", "salt")
    OPENED_FIELD_NUMBER: _ClassVar[int]
    OBSERVED_FIELD_NUMBER: _ClassVar[int]
    STOP_ASKED_FIELD_NUMBER: _ClassVar[int]
    SALT_FIELD_NUMBER: _ClassVar[int]
    opened: Opened
    observed: Observed
    stop_asked: StopAsked
    salt: bytes
    def __init__(self, opened: _Optional[_Union[Opened, _Mapping]] = ..., observed: _Optional[_Union[Observed, _Mapping]] = ..., stop_asked: _Optional[_Union[StopAsked, _Mapping]] = ..., salt: _Optional[bytes] = ...) -> None: ...

class DownBody(_message.Message):
    __slots__ = ("planned", "step_due", "finished", "refused")
    PLANNED_FIELD_NUMBER: _ClassVar[int]
    STEP_DUE_FIELD_NUMBER: _ClassVar[int]
    FINISHED_FIELD_NUMBER: _ClassVar[int]
    REFUSED_FIELD_NUMBER: _ClassVar[int]
    planned: Planned
    step_due: StepDue
    finished: Finished
    refused: Refused
    def __init__(self, planned: _Optional[_Union[Planned, _Mapping]] = ..., step_due: _Optional[_Union[StepDue, _Mapping]] = ..., finished: _Optional[_Union[Finished, _Mapping]] = ..., refused: _Optional[_Union[Refused, _Mapping]] = ...) -> None: ...
