#!/usr/bin/env python3
"""Fails when a public type, trait or free function of the library has no doc example.

    scripts/check_examples.py [SOURCE DIRECTORY]

What is public: the names in the `pub use` lines of lib.rs, jws/mod.rs and jwe/mod.rs, and what testing.rs
declares. The sources are read line by line, not parsed: an item begins at the margin (or anywhere inside a
macro that makes it) with `pub struct`, `enum`, `trait` or `fn`, and its documentation is the `///` lines
above. A macro that makes types takes their documentation beside the name: `/// …` above `Name, "…"`.
A fence that must not compile shows what is refused, not how to use the item, and does not count.
"""

import pathlib
import re
import sys

SOURCES = pathlib.Path(__file__).resolve().parent.parent / "crates" / "waxseal" / "src"
# The file that makes a module's names public, and where those may be declared.
ROOT, MODULES, TESTING = "lib.rs", ("jws", "jwe"), "testing.rs"
REEXPORT = re.compile(r"^pub use ([^;]+);", re.MULTILINE)
DECLARED = re.compile(r"^\s*pub (?:const |async )?(?:struct|enum|trait|type|fn) (\w+)")
MADE = re.compile(r"^\s{4}(\w+), \"")
FENCE = re.compile(r"^```\s*(\S*)\s*$")


def main() -> int:
    sources = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else SOURCES
    wanted, lacking = 0, []
    for names, files in public(sources):
        found = documentation(files)
        for name in sorted(names):
            wanted += 1
            where = found.get(name)
            if where is None:
                lacking.append(f"{name} is exported and its declaration was not found")
            elif not has_example(where[1]):
                lacking.append(f"{where[0].relative_to(sources)}: {name} has no doc example")
    for line in lacking:
        print(line, file=sys.stderr)
    if wanted == 0:
        print("no public names were found: is this the right directory?", file=sys.stderr)
    if wanted and not lacking:
        print(f"{wanted} public items have a doc example")
    return 0 if wanted and not lacking else 1


def public(sources: pathlib.Path):
    """Pairs of public names and the files that may declare them."""
    files = sorted(sources.rglob("*.rs"))
    in_module = {module: [file for file in files if (sources / module) in file.parents] for module in MODULES}
    elsewhere = [file for file in files if all(file not in inside for inside in in_module.values())]
    yield exported(sources / ROOT), [file for file in elsewhere if file.name != TESTING]
    for module, inside in in_module.items():
        yield exported(sources / module / "mod.rs"), inside
    testing = sources / TESTING
    at_margin = re.compile(r"^pub (?:struct|enum|trait|fn) (\w+)", re.MULTILINE)
    yield set(at_margin.findall(testing.read_text())), [testing]


def exported(file: pathlib.Path) -> set:
    paths = " ".join(REEXPORT.findall(file.read_text()))
    # Names of modules stand before `::`.
    return set(re.findall(r"\b\w+\b(?!\w*::)", paths))


def documentation(files: list) -> dict:
    """The file and the lines of documentation of everything declared; a type wins over a method of its name."""
    found = {}
    for file in files:
        lines, inside = [], False
        for line in file.read_text().splitlines():
            text = line.strip()
            if text.startswith("///"):
                lines = lines if inside else []
                lines.append(text[3:].strip())
                inside = True
                continue
            if text.startswith("#[") or (inside and text.startswith((")]", "allow", "reason"))):
                continue
            declared = DECLARED.match(line) or MADE.match(line)
            # What is indented is a method, unless a macro makes types.
            method = declared and line.startswith(" ") and " fn " in line
            if declared and not method:
                found.setdefault(declared.group(1), (file, lines))
            lines, inside = [], False
    return found


def has_example(lines: list) -> bool:
    """Whether a fence opens that Rust would run or at least compile."""
    opened = False
    for line in lines:
        fence = FENCE.match(line)
        if fence is None:
            continue
        opened = not opened
        kind = fence.group(1)
        if opened and (kind in ("", "no_run", "should_panic") or kind.startswith("rust")):
            return True
    return False


if __name__ == "__main__":
    sys.exit(main())
