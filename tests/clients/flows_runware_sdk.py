"""Run flows with PyPI `runware-sdk`, whichever version is installed, over the job's transport."""

import asyncio
import json
import sys
import time
from typing import Any

import runware
from runware import Runware, file_to_data_uri
from runware.types.sdk import SDKConfig

WAYS = (getattr(runware, "file_to_base64", file_to_data_uri), file_to_data_uri)
"""In which a local file is sent; the first versions have one."""

TRANSPORT = "transport" if "transport" in SDKConfig.__dataclass_fields__ else "transport_type"  # before 1.4


async def make(client: Any, task: dict[str, Any]) -> list[dict[str, Any]]:
    for index, frame in enumerate(task.get("inputs", {}).get("frameImages", [])):
        if isinstance(frame, dict):  # a local file
            frame["image"] = WAYS[index](frame["image"])
    items = await client.run({"taskType": "videoInference", **task})
    return [{**item, "draftId": (item.get("outputs") or {}).get("draftId")} for item in items]


async def flow(client: Any, task: dict[str, Any]) -> dict[str, Any]:
    begun = time.monotonic()
    outcome: dict[str, Any] = {"items": [], "error": None}
    try:
        if final := task.pop("final", None):
            outcome["draft"] = await make(client, task)
            final["inputs"] = {"draftId": outcome["draft"][0]["draftId"]}
            task = final
        outcome["items"] = await make(client, task)
    except Exception as error:  # noqa: BLE001 - whatever the client raises is its outcome
        names = ("code", "parameter", "task_uuid", "retryable", "status_code")
        facts = {name: getattr(error, name, None) for name in names}
        outcome["error"] = {**facts, "raised": type(error).__name__, "message": str(error)}
    return {**outcome, "seconds": time.monotonic() - begun}


async def main(job: dict[str, Any]) -> dict[str, Any]:
    def client(url: str, key: str) -> Any:
        bases = {"ws_base_url": url.replace("http", "ws", 1) + "/v1", "http_base_url": url + "/v1"}
        return Runware(api_key=key, **{TRANSPORT: job["transport"]}, **bases)

    clients = {"url": client(job["url"], job["key"]), "badKey": client(job["url"], "k" * 43)}
    if job.get("proxy"):
        clients["proxy"] = client(job["proxy"], job["key"])

    if (
        job["transport"] == "websocket"
    ):  # the first versions open a connection for each task that comes before one is open
        for each in clients.values():
            if each is not clients["badKey"]:
                await each.connect()

    async def one(task: dict[str, Any]) -> dict[str, Any]:
        return await flow(clients[task.pop("via", "url")], task)

    outcomes = await asyncio.gather(*(one(dict(task)) for task in job["flows"].values()))
    for each in clients.values():
        await each.close()
    return dict(zip(job["flows"], outcomes, strict=True))


if __name__ == "__main__":
    print(json.dumps(asyncio.run(main(json.loads(sys.argv[1])))))
