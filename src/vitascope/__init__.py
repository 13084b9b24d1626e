"""Vitascope: a self-hosted video-generation server with its own film set, behind the `videoInference` protocol."""

__version__ = "0.1.0"
