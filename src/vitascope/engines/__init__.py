"""Whatever turns a shot into a clip. `engine` is the protocol; each engine is a module of its own."""
