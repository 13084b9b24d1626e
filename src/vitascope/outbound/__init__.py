"""The one door to other machines: `client` makes the calls, `addresses` says which may be called."""
