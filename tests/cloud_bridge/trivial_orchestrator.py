"""An orchestrator process with a planner of three steps; started by the tests of the bridge.

Not a test: `test_end_to_end` and `test_crashes` run it as a child. `cannot` in the words refuses.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from doorward.cloud_bridge.orchestrator.main import serve
from doorward.cloud_bridge.orchestrator.planner.base import Brief, Cannot, Made
from doorward.policies.plan import Literal, Plan, Ref, Step, Template
from doorward.policies.vocabulary import StepId


class ThreeSteps:
    """Plans the same three steps for everything."""

    async def plan(self, brief: Brief) -> Made | Cannot:
        """Plan."""
        if "cannot" in brief.text:
            return Cannot("That I cannot do.", ("list the files",))
        first = Step(StepId("s1"), "files.list", {"folder": Literal(".")})
        second = Step(StepId("s2"), "files.read", {"path": Ref("item.path")}, each=Ref("s1.items"))
        third = Step(StepId("s3"), "files.list", {"folder": Literal("..")})
        plan = Plan((first, second, third), Template("Found {s1.count}."))
        return Made(plan, f"List and read: {brief.text}")


if __name__ == "__main__":
    parent = int(sys.argv[3]) if len(sys.argv) > 3 else None
    asyncio.run(serve(sys.argv[1], Path(sys.argv[2]), parent, ThreeSteps()))
