#!/usr/bin/env python3
"""Packs random files with the real encoders and compares what our decoders make of them. Exits 1 on any difference.

Needs a built library (`npm run build`), the tools xz, zstd, lz4, bzip2 and 7z, and the packages lz4 and zstandard.
Usage: codecs.py [--seed N] [--megabytes N]
"""
import argparse, hashlib, lzma, random, shutil, struct, subprocess, sys, tempfile, zlib
from pathlib import Path

HERE = Path(__file__).parent
REPOSITORY = HERE.parents[1]


def plain_files(dice, megabytes):
    """Contents as models have them: weights, text, zeros, noise, and mixtures with repeats at any distance."""
    size = megabytes * 2**20
    floats = b"".join(struct.pack("<f", dice.gauss(0, 0.02)) for _ in range(size // 4))
    words = [bytes(dice.choices(b"abcdefghijklmnopqrstuvwxyz", k=dice.randint(2, 9))) for _ in range(3000)]
    text = b" ".join(dice.choice(words) for _ in range(size // 6))
    mixture = bytearray()
    while len(mixture) < 2 * size:
        kind = dice.randrange(5)
        length = int(dice.expovariate(1 / 30_000)) + 1
        if kind == 0:
            mixture += dice.randbytes(length)
        elif kind == 1:
            mixture += bytes([dice.randrange(256)]) * length
        elif kind == 2:
            mixture += text[(at := dice.randrange(len(text))) : at + length]
        elif mixture:
            distance = dice.randrange(1, len(mixture) + 1)
            mixture += mixture[len(mixture) - distance :][:length]
    return {"weights": floats, "text": text, "zeros": bytes(4 * size), "noise": dice.randbytes(size), "mixture": bytes(mixture), "one": b"x", "nothing": b""}


def tool(*command):
    return lambda data: subprocess.run(command, input=data, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True).stdout


def deflate(level, wbits, strategy=0):
    def pack(data):
        packer = zlib.compressobj(level, zlib.DEFLATED, wbits, 8, strategy)
        return packer.compress(data) + packer.flush()

    return pack


def xz(*filters):
    chain = [*filters, {"id": lzma.FILTER_LZMA2, "preset": 1}]
    return lambda data: lzma.compress(data, filters=chain)


def encoders():
    import lz4.frame
    import zstandard

    yield "deflate", "0", deflate(0, -15)
    yield "deflate", "1", deflate(1, -15)
    yield "deflate", "9-fixed", deflate(9, -15, zlib.Z_FIXED)
    yield "zlib", "9", deflate(9, 15)
    yield "gzip", "tool", tool("gzip", "-c")
    yield "gzip", "two-members", lambda data: tool("gzip", "-c1")(data[: len(data) // 3]) + tool("gzip", "-c9")(data[len(data) // 3 :])
    yield "bzip2", "1", tool("bzip2", "-c1")
    yield "bzip2", "9", tool("bzip2", "-c9")
    yield "xz", "tool-0", tool("xz", "-c0")
    yield "xz", "tool-6e", tool("xz", "-c6e")
    yield "xz", "threads", tool("xz", "-c1", "-T2", "--block-size=300000")
    yield "xz", "sha256", tool("xz", "-c1", "--check=sha256")
    for name in ("X86", "POWERPC", "IA64", "ARM", "ARMTHUMB", "SPARC"):
        yield "xz", name.lower(), xz({"id": getattr(lzma, f"FILTER_{name}")})
    yield "xz", "delta", xz({"id": lzma.FILTER_DELTA, "dist": 4})
    yield "lzma", "tool", tool("xz", "-c2", "--format=lzma")
    yield "lzma", "odd", lambda data: lzma.compress(data, lzma.FORMAT_ALONE, filters=[{"id": lzma.FILTER_LZMA1, "preset": 1, "lc": 1, "lp": 3, "pb": 4}])
    yield "lz4", "tool", tool("lz4", "-qc")
    yield "lz4", "linked-9", tool("lz4", "-qc9", "-BD", "-B4")
    yield "lz4", "legacy", tool("lz4", "-qlc")
    yield "lz4", "checksums", lambda data: lz4.frame.compress(data, block_checksum=True, content_checksum=True, block_linked=False)
    for level in (1, 3, 12, 19):
        yield "zstd", f"{level}", tool("zstd", "-qc", f"-{level}")
    yield "zstd", "fast", tool("zstd", "-qc", "--fast=5")
    yield "zstd", "long", tool("zstd", "-qc", "--long=27", "-3")
    yield "zstd", "frames", lambda data: b"".join(zstandard.compress(data[i : i + 100_000]) for i in range(0, max(1, len(data)), 100_000))


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--seed", type=int, default=random.randrange(2**32))
    options.add_argument("--megabytes", type=int, default=1)
    options = options.parse_args()
    print(f"seed {options.seed}")
    files = plain_files(random.Random(options.seed), options.megabytes)
    with tempfile.TemporaryDirectory() as folder:
        expected = {}
        for kind, data in files.items():
            digest = hashlib.sha256(data).hexdigest()
            for codec, name, pack in encoders():
                path = Path(folder) / f"{kind}-{name}.{codec}"
                path.write_bytes(pack(data))
                expected[str(path)] = (codec, len(data), digest)
        lines = "".join(f"{codec}\t{path}\n" for path, (codec, _, _) in expected.items())
        node = shutil.which("node")
        output = subprocess.run([node, HERE / "decode.mjs"], input=lines, capture_output=True, text=True, check=True).stdout
        wrong = 0
        seconds = {}
        seen = set()
        for line in output.splitlines():
            path, size, *rest = line.split("\t")
            seen.add(path)
            codec, length, digest = expected[path]
            if size == "error" or int(size) != length or rest[0] != digest:
                wrong += 1
                print("DIFFERENT", Path(path).name, line.split("\t", 1)[1])
            else:
                spent = seconds.setdefault(codec, [0, 0.0])
                spent[0] += length
                spent[1] += int(rest[2]) / 1000
        for path in expected.keys() - seen:
            wrong += 1
            print("MISSING", Path(path).name)
    for codec, (size, spent) in sorted(seconds.items()):
        print(f"{codec:8} {size / 2**20:7.1f} MiB in {spent:6.2f} s")
    print(f"{len(expected) - wrong} of {len(expected)} as expected")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
