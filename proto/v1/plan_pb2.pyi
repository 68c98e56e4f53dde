from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Kind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    KIND_UNSPECIFIED: _ClassVar[Kind]
    KIND_TEXT: _ClassVar[Kind]
    KIND_NUMBER: _ClassVar[Kind]
    KIND_BOOLEAN: _ClassVar[Kind]
    KIND_DATE: _ClassVar[Kind]
    KIND_PATH: _ClassVar[Kind]
    KIND_RECORD: _ClassVar[Kind]
    KIND_ANY: _ClassVar[Kind]

class Effect(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    EFFECT_UNSPECIFIED: _ClassVar[Effect]
    EFFECT_READ: _ClassVar[Effect]
    EFFECT_WRITE: _ClassVar[Effect]
    EFFECT_DESTROY: _ClassVar[Effect]
    EFFECT_EGRESS: _ClassVar[Effect]
    EFFECT_SPEND: _ClassVar[Effect]
    EFFECT_RUN: _ClassVar[Effect]
KIND_UNSPECIFIED: Kind
KIND_TEXT: Kind
KIND_NUMBER: Kind
KIND_BOOLEAN: Kind
KIND_DATE: Kind
KIND_PATH: Kind
KIND_RECORD: Kind
KIND_ANY: Kind
EFFECT_UNSPECIFIED: Effect
EFFECT_READ: Effect
EFFECT_WRITE: Effect
EFFECT_DESTROY: Effect
EFFECT_EGRESS: Effect
EFFECT_SPEND: Effect
EFFECT_RUN: Effect

class Datum(_message.Message):
    __slots__ = ("flag", "whole", "digits", "number", "text", "list", "record")
    FLAG_FIELD_NUMBER: _ClassVar[int]
    WHOLE_FIELD_NUMBER: _ClassVar[int]
    DIGITS_FIELD_NUMBER: _ClassVar[int]
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    LIST_FIELD_NUMBER: _ClassVar[int]
    RECORD_FIELD_NUMBER: _ClassVar[int]
    flag: bool
    whole: int
    digits: str
    number: float
    text: str
    list: DatumList
    record: DatumRecord
    def __init__(self, flag: _Optional[bool] = ..., whole: _Optional[int] = ..., digits: _Optional[str] = ..., number: _Optional[float] = ..., text: _Optional[str] = ..., list: _Optional[_Union[DatumList, _Mapping]] = ..., record: _Optional[_Union[DatumRecord, _Mapping]] = ...) -> None: ...

class DatumList(_message.Message):
    __slots__ = ("items",)
    ITEMS_FIELD_NUMBER: _ClassVar[int]
    items: _containers.RepeatedCompositeFieldContainer[Datum]
    def __init__(self, items: _Optional[_Iterable[_Union[Datum, _Mapping]]] = ...) -> None: ...

class DatumField(_message.Message):
    __slots__ = ("name", "value")
    NAME_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    name: str
    value: Datum
    def __init__(self, name: _Optional[str] = ..., value: _Optional[_Union[Datum, _Mapping]] = ...) -> None: ...

class DatumRecord(_message.Message):
    __slots__ = ("fields",)
    FIELDS_FIELD_NUMBER: _ClassVar[int]
    fields: _containers.RepeatedCompositeFieldContainer[DatumField]
    def __init__(self, fields: _Optional[_Iterable[_Union[DatumField, _Mapping]]] = ...) -> None: ...

class Argument(_message.Message):
    __slots__ = ("literal", "ref", "template")
    LITERAL_FIELD_NUMBER: _ClassVar[int]
    REF_FIELD_NUMBER: _ClassVar[int]
    TEMPLATE_FIELD_NUMBER: _ClassVar[int]
    literal: Datum
    ref: str
    template: str
    def __init__(self, literal: _Optional[_Union[Datum, _Mapping]] = ..., ref: _Optional[str] = ..., template: _Optional[str] = ...) -> None: ...

class Step(_message.Message):
    __slots__ = ("id", "tool", "args", "each", "when", "why", "expect")
    class ArgsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: Argument
        def __init__(self, key: _Optional[str] = ..., value: _Optional[_Union[Argument, _Mapping]] = ...) -> None: ...
    ID_FIELD_NUMBER: _ClassVar[int]
    TOOL_FIELD_NUMBER: _ClassVar[int]
    ARGS_FIELD_NUMBER: _ClassVar[int]
    EACH_FIELD_NUMBER: _ClassVar[int]
    WHEN_FIELD_NUMBER: _ClassVar[int]
    WHY_FIELD_NUMBER: _ClassVar[int]
    EXPECT_FIELD_NUMBER: _ClassVar[int]
    id: str
    tool: str
    args: _containers.MessageMap[str, Argument]
    each: str
    when: str
    why: str
    expect: str
    def __init__(self, id: _Optional[str] = ..., tool: _Optional[str] = ..., args: _Optional[_Mapping[str, Argument]] = ..., each: _Optional[str] = ..., when: _Optional[str] = ..., why: _Optional[str] = ..., expect: _Optional[str] = ...) -> None: ...

class Plan(_message.Message):
    __slots__ = ("steps", "answer", "recipe")
    STEPS_FIELD_NUMBER: _ClassVar[int]
    ANSWER_FIELD_NUMBER: _ClassVar[int]
    RECIPE_FIELD_NUMBER: _ClassVar[int]
    steps: _containers.RepeatedCompositeFieldContainer[Step]
    answer: str
    recipe: str
    def __init__(self, steps: _Optional[_Iterable[_Union[Step, _Mapping]]] = ..., answer: _Optional[str] = ..., recipe: _Optional[str] = ...) -> None: ...

class Parameter(_message.Message):
    __slots__ = ("name", "kind", "about", "required", "many", "sink")
    NAME_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    ABOUT_FIELD_NUMBER: _ClassVar[int]
    REQUIRED_FIELD_NUMBER: _ClassVar[int]
    MANY_FIELD_NUMBER: _ClassVar[int]
    SINK_FIELD_NUMBER: _ClassVar[int]
    name: str
    kind: Kind
    about: str
    required: bool
    many: bool
    sink: bool
    def __init__(self, name: _Optional[str] = ..., kind: _Optional[_Union[Kind, str]] = ..., about: _Optional[str] = ..., required: _Optional[bool] = ..., many: _Optional[bool] = ..., sink: _Optional[bool] = ...) -> None: ...

class ToolSpec(_message.Message):
    __slots__ = ("name", "about", "parameters", "effects", "returns")
    NAME_FIELD_NUMBER: _ClassVar[int]
    ABOUT_FIELD_NUMBER: _ClassVar[int]
    PARAMETERS_FIELD_NUMBER: _ClassVar[int]
    EFFECTS_FIELD_NUMBER: _ClassVar[int]
    RETURNS_FIELD_NUMBER: _ClassVar[int]
    name: str
    about: str
    parameters: _containers.RepeatedCompositeFieldContainer[Parameter]
    effects: _containers.RepeatedScalarFieldContainer[Effect]
    returns: str
    def __init__(self, name: _Optional[str] = ..., about: _Optional[str] = ..., parameters: _Optional[_Iterable[_Union[Parameter, _Mapping]]] = ..., effects: _Optional[_Iterable[_Union[Effect, str]]] = ..., returns: _Optional[str] = ...) -> None: ...
