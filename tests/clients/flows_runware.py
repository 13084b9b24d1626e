"""Run flows with PyPI `runware`, whichever version is installed, as its users write them: one JSON job in, one out."""

import asyncio
import dataclasses
import json
import sys
import time
from typing import Any

import runware
from runware import IBytedanceProviderSettings, IFrameImage, IVideoInference, Runware
from runware.utils import RunwareAPIError

KNOWN = {field.name: str(field.type) for field in dataclasses.fields(IVideoInference)}


def frame_images(frames: list[Any]) -> list[Any]:
    """In the older spelling, the only one before 0.4.28."""
    named = [each if isinstance(each, dict) else {"image": each, "frame": "first"} for each in frames]
    return [IFrameImage(inputImage=each["image"], frame=each["frame"]) for each in named]


def inputs(sent: dict[str, Any]) -> Any:
    """A plain object since 0.5.0, one of the client's own before."""
    if "Dict" in KNOWN["inputs"]:
        return sent
    frames = [
        runware.types.IInputFrame(**frame) if isinstance(frame, dict) else runware.types.IInputFrame(image=frame)
        for frame in sent.get("frameImages", [])
    ]
    return runware.types.IVideoInputs(frameImages=frames or None, draftId=sent.get("draftId"))


async def uploaded(client: Any, frames: list[Any]) -> None:
    """Local files are lost by versions before 0.5.2, whose users upload them."""
    for frame in frames:
        if isinstance(frame, dict):
            frame["image"] = (await client.uploadImage(frame["image"])).imageUUID


async def make(client: Any, task: dict[str, Any]) -> list[dict[str, Any]]:
    """Submit, then wait for all results: what this client's documentation shows."""
    request = dict(task)
    if settings := request.pop("providerSettings", None):
        request["providerSettings"] = IBytedanceProviderSettings(**settings["bytedance"])
    sent = request.pop("inputs", {})
    if request.pop("upload", False):
        await uploaded(client, sent.get("frameImages", []))
    if request.pop("legacyFrames", False) or "inputs" not in KNOWN:
        request["frameImages"] = frame_images(sent.get("frameImages", []))
    elif sent:
        request["inputs"] = inputs(sent)
    videos = await client.videoInference(IVideoInference(**request))
    if not isinstance(videos, list):  # since 0.4.30 an acknowledgement
        videos = await client.getResponse(taskUUID=videos.taskUUID, numberResults=task.get("numberResults", 1))
    return [
        {
            "videoUUID": video.videoUUID,
            "videoURL": video.videoURL,
            "seed": video.seed,
            "cost": video.cost,
            "draftId": video.outputs.draftId if getattr(video, "outputs", None) else None,
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
        if hasattr(client, "disconnect"):
            await client.disconnect()
    return dict(zip(job["flows"], outcomes, strict=True))


if __name__ == "__main__":
    print(json.dumps(asyncio.run(main(json.loads(sys.argv[1])))))
