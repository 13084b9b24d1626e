"""The durable queue: `dbos` is the engine behind it, `recovery` hands on the work of processes that died."""
