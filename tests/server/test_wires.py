"""Another wire beside Runware's: its paths are its own, also for POST, and it works with the same services."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route, Router

from vitascope.contract.order import Order
from vitascope.contract.read import read
from vitascope.server.app import create_app
from vitascope.settings import Settings
from vitascope.tasks import accounts

UUID = "59d02567-ead8-47ef-94c7-d04dfdcc78b7"


async def make(request: Request) -> JSONResponse:
    """A wire of three lines: an order of its own making, promised by the same service."""
    size = request.path_params["size"]
    services = request.app.state.server.services
    prompt = (await request.json())["say"]
    order: Order = read(
        {"taskType": "videoInference", "taskUUID": UUID, "model": "bytedance:2@2", "positivePrompt": prompt}
        | {"resolution": size, "duration": 2}
    )
    with services.engine.begin() as connection:
        account_id = accounts.default_account(connection)
    await services.submissions.submit(account_id, order, {"say": prompt})
    answers = await services.results.of_all(account_id, [order.task_uuid])
    return JSONResponse({"clip": answers[0].data})


router = Router([Route("/clips/{size}", make, methods=["POST"])])


@pytest.fixture
def app(tmp_path: Path) -> Any:
    return create_app(Settings(data=tmp_path, engine="testcard"), wires=[router])


def test_another_wires_paths_are_its_own(app: Any) -> None:
    async def scenario() -> None:
        transport = httpx.ASGITransport(app)
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=transport, base_url="http://x") as client,
        ):
            answer = await client.post("/clips/480p", json={"say": "a lighthouse in a storm"})
            assert answer.status_code == 200
            assert [item["status"] for item in answer.json()["clip"]] == ["processing"]
            for path in ("/", "/v1", "/clip", "/any/other"):
                refused = await client.post(path, json=[{"taskType": "ping"}])
                assert refused.json()["errors"][0]["code"] == "missingApiKey"

    asyncio.run(scenario())
