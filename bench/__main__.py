"""Runs every bench, one after the other: `python -m bench`, or `python -m bench webhooks orders`."""

import importlib
import sys

BENCHES = ("webhooks", "pending", "orders", "stock", "budget", "proof", "portal", "standin")


def main() -> None:
    """Run the benches that are named, all where none is."""
    named = [name for name in sys.argv[1:] if not name.startswith("-")] or list(BENCHES)
    sys.argv = sys.argv[:1]
    for name in named:
        if name not in BENCHES:
            sys.exit(f"There is no bench {name}. There are: {', '.join(BENCHES)}.")
        importlib.import_module(f"bench.{name}").main()


if __name__ == "__main__":
    main()
