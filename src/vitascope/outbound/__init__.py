"""The one door to other machines: `client` calls, `network` checks and connects, `addresses` says where to."""

import sys

# httpx loads its own command line when it is imported (rich, Pygments: 3 MiB in every process), and goes without where
# that is not to be had.
sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]
