"""Runware's wire: arrays of tasks over HTTP and WebSockets, answered item by item."""
