"""Looks into self-contained single files: prints their sizes and fails where one is not whole or carries another platform's libraries.

usage: bundle.py FILE ...
"""

import os
import struct
import sys

# What marks the place in the executable that says where its list of files is (dotnet/runtime, apphost's bundle marker).
MARKER = bytes.fromhex("8b1202b96a612038727b930214d7a03213f5b9e6efae3318ee3b2dce24b36aae")
NATIVE = {"hub-agent": ["e_sqlite3"], "hub": ["e_sqlite3", "duckdb", "SkiaSharp", "HarfBuzzSharp"]}
MOST_MB = {"hub-agent": 125, "hub": 230}
PE_CONSOLE, PE_X64 = 3, 0x8664


def text(data, at):
    length, shift = 0, 0
    while True:
        length, more, shift, at = length | (data[at] & 127) << shift, data[at] & 128, shift + 7, at + 1
        if not more:
            return data[at:at + length].decode(), at + length


def files(data):
    at = data.find(MARKER)
    assert at > 0, "no single file"
    (at,) = struct.unpack_from("<q", data, at - 8)
    assert at > 0, "an empty host without its files"
    _, _, count = struct.unpack_from("<IIi", data, at)
    _, at = text(data, at + 12)
    at += 40
    found = []
    for _ in range(count):
        name, at = text(data, at + 25)
        found.append(name)
    return found


def check(path):
    with open(path, "rb") as file:
        data = file.read()
    name, windows = os.path.basename(path).removesuffix(".exe"), data[:2] == b"MZ"
    if windows:
        pe = struct.unpack_from("<I", data, 0x3C)[0]
        machine, subsystem = struct.unpack_from("<H", data, pe + 4)[0], struct.unpack_from("<H", data, pe + 24 + 68)[0]
        assert (machine, subsystem) == (PE_X64, PE_CONSOLE), f"machine {machine:x}, subsystem {subsystem}"
    inside, ending = files(data), ".dll" if windows else ".so"
    for library in NATIVE[name]:
        assert f"{library}{ending}" in inside or f"lib{library}{ending}" in inside, f"{library} is missing"
    foreign = [f for f in inside if f.endswith((".so", ".dylib") if windows else ".dylib") or "/" in f and f.startswith("runtimes")]
    assert not foreign, foreign
    assert f"{name}.dll" in inside and (name != "hub-agent" or not any("DuckDB" in f for f in inside))
    megabytes = len(data) / 1e6
    assert megabytes < MOST_MB[name], f"{megabytes:.0f} MB"
    print(f"{path}: {megabytes:.1f} MB, {len(inside)} files inside")


for each in sys.argv[1:]:
    check(each)
