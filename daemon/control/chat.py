"""Read what an OpenAI client asks for into what the reader can do; what it cannot do is named.

Pure: a JSON object in, a prompt or the reason why not out. `openai` calls it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from doorward.daemon.objectives.codec import Json
from doorward.policies.vocabulary import Data
from doorward.tools.reading.reader import Prompt, Role, Turn

MOST_TOKENS: Final = 4096
_TOKENS: Final = 512
"""Tokens where none are asked for."""
_TASK: Final = "You are a helpful assistant."
_MOST_TEXTS: Final = 2048
_ROLES: Final = ("system", "developer", "user", "assistant")
_CANNOT: Final[Mapping[str, tuple[Data, ...]]] = {
    "n": (1,),
    "stop": (None, [], ""),
    "tools": (None, []),
    "functions": (None, []),
    "tool_choice": (None, "none", "auto"),
    "logprobs": (None, False),
    "logit_bias": (None, {}),
    "audio": (None,),
    "dimensions": (None,),
}
"""What the reader does not do, with the values that ask for nothing. It always takes the likeliest
token, so how others would draw one (`temperature`, `top_p`, `seed`, penalties) changes nothing."""


class Wrong(Exception):
    """The request is not one that can be answered."""

    def __init__(
        self, message: str, param: str | None = None, code: str | None = None, status: int = 400
    ) -> None:
        """Take the sentence, the parameter it is about, a code and the HTTP status."""
        super().__init__(message)
        self.param = param
        self.code = code
        self.status = status


@dataclass(frozen=True, slots=True)
class Asked:
    """One chat request."""

    prompt: Prompt
    schema: Mapping[str, Data] | None
    tokens: int
    model: object
    stream: bool
    usage: bool
    """Tell the usage at the end of a stream."""


def asked(body: Json) -> Asked:
    """Read a chat request.

    Raises:
        Wrong: It is none, or asks for what the reader does not do.
    """
    _refuse(body)
    options = body.get("stream_options")
    return Asked(
        prompt=_prompt(body.get("messages")),
        schema=_schema(body.get("response_format")),
        tokens=_tokens(body),
        model=body.get("model"),
        stream=body.get("stream") is True,
        usage=isinstance(options, dict) and options.get("include_usage") is True,
    )


def texts_of(body: Json) -> list[str]:
    """Read the texts of an embedding request.

    Raises:
        Wrong: They are none.
    """
    _refuse(body)
    given = body.get("input")
    texts = [given] if isinstance(given, str) else given
    if (
        not isinstance(texts, list)
        or not 0 < len(texts) <= _MOST_TEXTS
        or not all(isinstance(text, str) for text in texts)
    ):
        raise Wrong(f"input must be a text, or 1 to {_MOST_TEXTS} texts", "input")
    return texts


def _refuse(body: Json) -> None:
    for name, nothing in _CANNOT.items():
        if name in body and body[name] not in nothing:
            raise Wrong(f"{name} is not supported here", name, "unsupported_parameter")


def _prompt(messages: object) -> Prompt:
    """Make the task of what the system says, and turns of what was said since."""
    if not isinstance(messages, list) or not messages:
        raise Wrong("messages must be a list of messages", "messages")
    told = [_message(index, each) for index, each in enumerate(messages)]
    task = "\n\n".join(text for role, text in told if role == "system") or _TASK
    said = [(role, text) for role, text in told if role != "system"]
    if not said or said[-1][0] != "user":
        raise Wrong("the last message must be the user's", "messages")
    return Prompt(task, said[-1][1], tuple(Turn(Role(role), text) for role, text in said[:-1]))


def _message(index: int, message: object) -> tuple[str, str]:
    where = f"messages[{index}]"
    role = message.get("role") if isinstance(message, dict) else None
    if not isinstance(message, dict) or role not in _ROLES:
        raise Wrong(f"{where} must be of system, developer, user or assistant", where)
    content = message.get("content")
    if isinstance(content, list):
        texts = [part.get("text") for part in content if isinstance(part, dict)]
        parts = [text for text in texts if isinstance(text, str)]
        content = "".join(parts) if len(parts) == len(content) else None
    if not isinstance(content, str):
        raise Wrong(f"{where} must have text as its content: the reader has no eyes", where)
    return ("system" if role == "developer" else str(role)), content


def _schema(wanted: object) -> Mapping[str, Data] | None:
    if wanted is None or wanted == {"type": "text"}:
        return None
    named = wanted.get("json_schema") if isinstance(wanted, dict) else None
    schema = named.get("schema") if isinstance(named, dict) else None
    if not isinstance(schema, dict):
        raise Wrong(
            "response_format must be text or a json_schema with its schema: what has no"
            " schema cannot be held to one",
            "response_format",
        )
    return schema


def _tokens(body: Json) -> int:
    for name in ("max_completion_tokens", "max_tokens"):
        value = body.get(name)
        if value is None:
            continue
        if isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= MOST_TOKENS:
            raise Wrong(f"{name} must be a whole number from 1 to {MOST_TOKENS}", name)
        return value
    return _TOKENS
