"""Training clips by the thousand: places baked once, actors recorded once, many takes composed of both."""
