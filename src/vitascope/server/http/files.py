"""Files behind signed, expiring URLs: whole or in ranges, with the headers that players and download tools need."""

from __future__ import annotations

import time

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from vitascope.delivery.ranges import serve
from vitascope.delivery.storage import NotStored
from vitascope.server.state import ServerState


async def serve_file(state: ServerState, request: Request, key: str) -> Response:
    """Answer GET and HEAD for a stored file. A forged URL and one for no file get the same 404, an expired one 410."""
    query = request.query_params
    signed = (key, query.get("expires", ""), query.get("signature", ""), time.time())
    if state.services.links.expired(*signed):
        return Response("This link has expired.", 410, media_type="text/plain")
    genuine = state.services.links.verify(*signed)
    stored = await run_in_threadpool(state.services.storage.head, key) if genuine else None
    if stored is None:
        return Response("Not found", 404, media_type="text/plain")
    serving = serve(stored, request.method, request.headers)
    headers = {
        **serving.headers,
        "Cache-Control": "private, max-age=3600",
        "X-Content-Type-Options": "nosniff",
        # Also to those that do not say where they come from: a browser may show a kept answer to another page.
        "Access-Control-Allow-Origin": "*",
    }
    if request.method == "HEAD" or serving.start == serving.end:
        return Response(status_code=serving.status, headers=headers)
    try:
        chunks = await run_in_threadpool(state.services.storage.read, key, serving.start, serving.end)
    except NotStored:  # removed since we looked
        return Response("Not found", 404, media_type="text/plain")
    return StreamingResponse(chunks, serving.status, headers)
