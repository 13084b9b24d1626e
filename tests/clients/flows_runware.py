"""Run flows with PyPI `runware` 0.5.24 as its users write them. Reads one JSON job, prints one JSON object."""

import asyncio
import json
import sys
import time
from typing import Any

from runware import IBytedanceProviderSettings, IFrameImage, IVideoInference, Runware
from runware.utils import RunwareAPIError


async def make(client: Any, task: dict[str, Any]) -> list[dict[str, Any]]:
    """Submit, then wait for all results: what this client's documentation shows."""
    request = dict(task)
    if settings := request.pop("providerSettings", None):
        request["providerSettings"] = IBytedanceProviderSettings(**settings["bytedance"])
    if request.pop("legacyFrames", False):
        frames = request.pop("inputs")["frameImages"]
        request["frameImages"] = [IFrameImage(inputImage=frame["image"], frame=frame["frame"]) for frame in frames]
    accepted = await client.videoInference(IVideoInference(**request))
    videos = await client.getResponse(taskUUID=accepted.taskUUID, numberResults=task.get("numberResults", 1))
    return [
        {
            "videoUUID": video.videoUUID,
            "videoURL": video.videoURL,
            "seed": video.seed,
            "cost": video.cost,
            "draftId": video.outputs.draftId if video.outputs else None,
        }
        for video in videos
    ]


async def flow(client: Any, task: dict[str, Any]) -> dict[str, Any]:
    begun = time.monotonic()
    outcome: dict[str, Any] = {"items": [], "error": None}
    try:
        if final := task.pop("final", None):
            outcome["draft"] = await make(client, task)
            final["inputs"] = {"draftId": outcome["draft"][0]["draftId"]}
            task = final
        outcome["items"] = await make(client, task)
    except RunwareAPIError as error:
        outcome["error"] = error.error_data
    except Exception as error:  # noqa: BLE001 - whatever the client raises is its outcome
        outcome["error"] = {"raised": type(error).__name__, "message": str(error)}
    return {**outcome, "seconds": time.monotonic() - begun}


async def connected(url: str, key: str) -> Any:
    client = Runware(api_key=key, url=url.replace("http", "ws", 1) + "/v1")
    await client.connect()
    return client


async def main(job: dict[str, Any]) -> dict[str, Any]:
    clients = {"url": await connected(job["url"], job["key"])}
    if job.get("proxy"):
        clients["proxy"] = await connected(job["proxy"], job["key"])
    if "badKey" in job["flows"]:
        clients["badKey"] = await connected(job["url"], "k" * 43)

    async def one(task: dict[str, Any]) -> dict[str, Any]:
        return await flow(clients[task.pop("via", "url")], task)

    outcomes = await asyncio.gather(*(one(dict(task)) for task in job["flows"].values()))
    for client in clients.values():
        await client.disconnect()
    return dict(zip(job["flows"], outcomes, strict=True))


if __name__ == "__main__":
    print(json.dumps(asyncio.run(main(json.loads(sys.argv[1])))))
