#!/usr/bin/env python3
"""Fails when a crate depends on one that it must not know (ARCHITECTURE.md, "Direction").

Reads `cargo metadata`; only normal and build dependencies count, tests may look further.
"""

import json
import subprocess
import sys

# Each package of the workspace, and the packages of the workspace that it may name.
ALLOWED = {
    "waxseal": set(),
    "waxseal-trust": {"waxseal"},
    "waxseal-tower": {"waxseal", "waxseal-trust"},
    "waxseal-domain": {"waxseal"},
    "waxseal-storage-sqlite": {"waxseal-domain"},
    "waxseal-service": {"waxseal", "waxseal-domain"},
    # The server wires a store to the service; its routes do not name one.
    "waxseal-server": {"waxseal", "waxseal-domain", "waxseal-service", "waxseal-storage-sqlite"},
    "waxseal-cli": {
        "waxseal", "waxseal-domain", "waxseal-service", "waxseal-server", "waxseal-trust", "waxseal-tower", "axum-api",
    },
    "waxseal-test-support": {"waxseal", "waxseal-domain", "waxseal-service", "waxseal-server", "waxseal-storage-sqlite"},
    "axum-api": {"waxseal", "waxseal-trust", "waxseal-tower"},
}

# Packages from elsewhere that must not appear anywhere below a crate.
FORBIDDEN = {
    "waxseal": {"tokio", "hyper", "reqwest", "axum", "rusqlite", "async-trait", "rsa", "regex"},
    "waxseal-domain": {"hyper", "reqwest", "axum", "rusqlite"},
    "waxseal-service": {"hyper", "reqwest", "axum", "http", "rusqlite"},
    "waxseal-storage-sqlite": {"hyper", "reqwest", "axum", "http"},
}


def main() -> int:
    command = ["cargo", "metadata", "--format-version", "1", "--locked"]
    metadata = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    names = {package["id"]: package["name"] for package in metadata["packages"]}
    members = {names[member] for member in metadata["workspace_members"]}
    edges = {names[node["id"]]: below(node, names) for node in metadata["resolve"]["nodes"]}

    broken = [f"{name} is not in the table of scripts/check_layers.py" for name in sorted(members - ALLOWED.keys())]
    for name in sorted(members & ALLOWED.keys()):
        wrong = (edges[name] & members) - ALLOWED[name]
        broken += [f"{name} must not depend on {other}" for other in sorted(wrong)]
    for name, forbidden in FORBIDDEN.items():
        wrong = reachable(name, edges) & forbidden
        broken += [f"{name} must not reach {other}, not even through others" for other in sorted(wrong)]

    for line in broken:
        print(line, file=sys.stderr)
    if not broken:
        print(f"{len(members)} crates keep to their direction")
    return 1 if broken else 0


def below(node: dict, names: dict) -> set:
    """Names of the direct dependencies that are not for tests alone."""
    return {names[dep["pkg"]] for dep in node["deps"] if any(kind["kind"] != "dev" for kind in dep["dep_kinds"])}


def reachable(name: str, edges: dict) -> set:
    found, waiting = set(), [name]
    while waiting:
        for other in edges.get(waiting.pop(), ()):
            if other not in found:
                found.add(other)
                waiting.append(other)
    return found


if __name__ == "__main__":
    sys.exit(main())
