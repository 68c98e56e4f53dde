"""`doorward policy judge|explain|what-if`: requests put to a policy, without a daemon or an effect.

It mints nothing: it calls what explains, never the gate. `policy` calls it.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from doorward.daemon.commands.follow import clean
from doorward.daemon.config import Config
from doorward.daemon.errors import EXIT_CODES, Misused
from doorward.policies.exchange import request_of, verdict_as
from doorward.policies.explain import explain
from doorward.policies.judging import judge
from doorward.policies.labels import USER
from doorward.policies.requests import Request
from doorward.policies.rules import Policy, label_of


def run(options: argparse.Namespace, config: Config, policy: Policy) -> int:
    """Do what the options name."""
    match options.what:
        case "judge":
            return _judge(policy)
        case "explain":
            return _explain(options, config, policy)
        case _:
            return _what_if(options, config, policy)


def requests_in(file: BinaryIO, policy: Policy) -> Iterator[Request | str]:
    """Yield the request of each line, or what is wrong with it."""
    for line in file:
        if not line.strip():
            continue
        try:
            yield request_of(json.loads(line), policy)
        except (ValueError, RecursionError) as error:
            yield str(error) or "nested too deeply"


def _judge(policy: Policy) -> int:
    code = 0
    for request in requests_in(sys.stdin.buffer, policy):
        if isinstance(request, str):
            code = EXIT_CODES[Misused]
            print(json.dumps({"error": request}))
        else:
            print(json.dumps(verdict_as(judge(request, policy))))
    return code


def _explain(options: argparse.Namespace, config: Config, policy: Policy) -> int:
    found = explain(_request(options, config, policy), policy)
    if options.json:
        applied = [rule.id for rule in found.applied]
        near = [{"rule": one.rule.id, "lacks": [*one.lacks]} for one in found.near]
        print(json.dumps({**verdict_as(found.verdict), "applied": applied, "near": near}))
        return 0
    for sentence in found.sentences():
        print(clean(sentence))
    return 0


def _request(options: argparse.Namespace, config: Config, policy: Policy) -> Request:
    """Return the request that the options name, labelled by its place when it is given by flags."""
    resource = options.resource
    if resource == "~" or resource.startswith("~/"):
        resource = f"{config.home}{resource[1:]}"
    label = label_of(resource, policy, tool=options.tool) if resource else USER
    origins = [
        dict(zip(("role", "origin"), arg.split("=", 1), strict=False)) for arg in options.arg
    ]
    held: object = {
        "effect": options.effect,
        "tool": options.tool,
        "resource": resource,
        "destination": options.to,
        "args": [{**each, "label": {"trust": "trusted"}} for each in origins],
        "label": {"tags": [*label.tags], "trust": label.trust, "sources": [*label.sources]},
        "named": options.named,
        "asked": options.asked,
        "planned": options.planned,
        "influence": "user",
        "used": {},
    }
    try:
        return request_of(json.loads(options.request) if options.request else held, policy)
    except (ValueError, RecursionError) as error:
        wrong = Misused(f"that is no request: {error}")
        wrong.add_note("hint: doorward policy --help describes what a request is")
        raise wrong from error


def _what_if(options: argparse.Namespace, config: Config, new: Policy) -> int:
    from doorward.daemon.commands.policy import policy_of
    from doorward.daemon.replay import differences

    if not options.policy:
        raise Misused("what-if needs the other policy: --policy FILE")
    old = policy_of(config, None)
    total, found = differences(_past(options, config, old), old, new)
    if options.json:
        for one in found:
            before, after = verdict_as(one.before), verdict_as(one.after)
            what = {"tool": one.request.tool, "effect": one.request.effect, "count": one.count}
            print(json.dumps({**what, "before": before, "after": after}))
        return 0
    for one in found:
        request = one.request
        where = f" to {request.destination}" if request.effect == "egress" else ""
        print(clean(f"{one.count}× {request.tool} {request.effect}{where}"))
        for when, verdict in (("now", one.before), ("then", one.after)):
            form = f" as {verdict.release}" if request.effect == "egress" else ""
            print(clean(f"  {when:<5}{verdict.decision}{form} by {verdict.rule}: {verdict.reason}"))
    print(f"{total} requests, {sum(one.count for one in found)} would come out otherwise.")
    return 0


def _past(options: argparse.Namespace, config: Config, policy: Policy) -> Iterator[Request]:
    """Yield the requests of a file, or those that the receipts keep.

    Raises:
        Misused: A line of the file is none, or there are no receipts.
    """
    if options.file:
        try:
            with Path(options.file).open("rb") as file:
                for number, request in enumerate(requests_in(file, policy), 1):
                    if isinstance(request, str):
                        raise Misused(f"{options.file}, request {number}: {request}")
                    yield request
        except OSError as error:
            raise Misused(f"cannot read {options.file}: {error}") from error
        return
    from doorward.daemon.main import key_store
    from doorward.daemon.replay import recorded
    from doorward.daemon.values.vault import Seal, derive

    yield from recorded(config.store, Seal(derive(key_store(config).key(), "vault")))
