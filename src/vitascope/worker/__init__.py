"""The worker: takes from the queue become published files. `produce` makes one take, `worker` makes that durable."""
