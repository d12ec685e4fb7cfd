#!/usr/bin/env python3
"""Holds our ZIP and TAR parsers against Python's zipfile and tarfile, over archives made by both honest and hostile means.

usage: archives.py [--seed N] [--count N]

Whatever Python reads out of an archive, we must see too: the same name, the same bytes. We may see more (a member without a
directory record, the bytes of a member whose checksum is wrong); Python must never see what we do not. Prints each
difference and exits 1 when there is one.
"""
import argparse, contextlib, hashlib, io, json, random, shutil, subprocess, sys, tarfile, tempfile, warnings, zipfile
from pathlib import Path

options = argparse.ArgumentParser()
options.add_argument("--seed", type=int, default=1)
options.add_argument("--count", type=int, default=300)
options = options.parse_args()
random.seed(options.seed)
warnings.simplefilter("ignore")
here = Path(__file__).resolve().parent


def words(most=40):
    return bytes(random.choices(b"abcdef \n\x00\xff", k=random.randrange(most)))


def name():
    part = lambda: random.choice(["a", "B", "data.pkl", "x" * random.randrange(1, 60), "é", "日本", "with space", "..", ".", "config.json"])
    return "/".join(part() for _ in range(random.randrange(1, 5)))


def honest_zip():
    out = io.BytesIO()
    if random.random() < 0.2:
        out.write(words(200))
    with zipfile.ZipFile(out, "a" if out.tell() else "w") as archive:
        for _ in range(random.randrange(6)):
            method = random.choice([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
            info = zipfile.ZipInfo(name())
            info.compress_type = method
            with archive.open(info, "w", force_zip64=random.random() < 0.3) as member:
                member.write(words(3000))
        if random.random() < 0.2:
            archive.comment = words(100)
    return out.getvalue()


def streamed_zip():
    class Pipe(io.BytesIO):
        def seekable(self):
            return False
        def seek(self, *_):
            raise io.UnsupportedOperation
        def tell(self):
            raise io.UnsupportedOperation
    out = Pipe()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for _ in range(random.randrange(1, 5)):
            archive.writestr(name(), words(3000))
    return out.getvalue()


def honest_tar():
    out = io.BytesIO()
    form = random.choice([tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
    with tarfile.open(fileobj=out, mode="w", format=form) as archive:
        for _ in range(random.randrange(6)):
            info = tarfile.TarInfo(name())
            info.type = random.choice([tarfile.REGTYPE] * 5 + [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.DIRTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE])
            info.linkname = name() if info.type in (tarfile.SYMTYPE, tarfile.LNKTYPE) else ""
            info.mtime = random.random() * 1e9
            data = words(3000) if info.isreg() else b""
            info.size = len(data)
            with contextlib.suppress(ValueError):
                archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def mutated(data):
    """One to four bytes changed where structure is, a piece cut out or doubled, something put in front or behind."""
    data = bytearray(data)
    for _ in range(random.randrange(1, 5)):
        kind = random.randrange(6)
        at = random.randrange(len(data) + 1)
        if kind <= 2 and data:
            marks = [i for mark in (b"PK\1\2", b"PK\3\4", b"PK\5\6", b"ustar") for i in find_all(data, mark)] or [0]
            at = min(len(data) - 1, random.choice(marks) + random.randrange(64))
            data[at] = random.choice([0, 1, 8, 0xFF, data[at] ^ 1, random.randrange(256)])
        elif kind == 3:
            del data[at : at + random.randrange(64)]
        elif kind == 4:
            data[at:at] = words(200)
        else:
            data += data[at : at + random.randrange(600)]
    return bytes(data)


def find_all(data, mark):
    at = data.find(mark)
    while at >= 0:
        yield at
        at = data.find(mark, at + 1)


def sha(data):
    return hashlib.sha256(data).hexdigest()


def python_zip(path):
    """(name, digest) of each member that zipfile gives; a later one of the same name is opened as itself."""
    try:
        archive = zipfile.ZipFile(path)
    except Exception:
        return []
    seen = []
    for info in archive.infolist():
        if info.file_size > 1 << 24:
            continue
        with contextlib.suppress(Exception):
            seen.append((info.orig_filename, sha(archive.open(info).read())))
    return seen


def python_tar(path):
    seen = []
    try:
        with tarfile.open(path, "r:") as archive:
            for info in archive:
                kind = info.type.decode("latin1")
                digest = None
                if info.isreg() and not info.sparse:
                    data = archive.extractfile(info).read()
                    if len(data) != info.size:
                        continue
                    digest = sha(data)
                seen.append((info.name, "0" if kind == "\0" else kind, info.linkname, digest))
    except Exception:
        pass
    return seen


def normal(text):
    """zipfile decodes names without the UTF-8 flag as code page 437, tarfile marks undecodable bytes: compare what is plain ASCII."""
    return "".join(c if c.isascii() else "?" for c in text).rstrip("/")


def main():
    tools = Path(tempfile.mkdtemp(prefix="modelaudit-archives-"))
    paths = []
    for index in range(options.count):
        for kind, make in (("zip", random.choice([honest_zip, streamed_zip])), ("tar", honest_tar)):
            data = make()
            for step, content in enumerate([data, mutated(data), mutated(data)]):
                path = tools / f"{index}-{step}.{kind}"
                path.write_bytes(content)
                paths.append(path)
    result = subprocess.run(["node", here / "list-archive.mjs"], input="\n".join(map(str, paths)), text=True, capture_output=True)
    if result.returncode:
        sys.exit(result.stderr)
    differences = 0
    compared = 0
    for path, line in zip(paths, result.stdout.split("\n")):
        ours = json.loads(line)
        if "malformed" not in line and "error" in ours and not ours["error"].startswith("expected"):
            print(f"{path}: our parser broke: {ours['error']}")
            differences += 1
        seen = ours.get("members", [])
        if path.suffix == ".zip":
            mine = {(normal(n), m.get("sha256")) for m in seen for n in [m["name"], *m["otherNames"]]}
            # A name may hold a character that is two elsewhere: the bytes decide then.
            digests = {m.get("sha256") for m in seen}
            theirs = python_zip(path)
            missing = [one for one in theirs if (normal(one[0]), one[1]) not in mine and not (one[1] in digests and not one[0].isascii())]
        else:
            mine = {(normal(m["name"]), m["type"], normal(m["link"]) if m["type"] in "12" else "", m.get("sha256")) for m in seen}
            contents = {m.get("sha256") for m in seen}
            missing = []
            theirs = python_tar(path)
            for n, kind, link, digest in theirs:
                known = (normal(n), kind, normal(link) if kind in "12" else "", digest)
                if known not in mine and not (not n.isascii() or not link.isascii()) and not (kind == "5" and any(normal(m["name"]) == normal(n) for m in seen)):
                    missing.append((n, kind, link, digest, digest in contents))
        compared += len(theirs)
        for one in missing:
            print(f"{path}: Python reads {one}, we do not: {json.dumps(ours)[:600]}")
            differences += 1
    print(f"{len(paths)} archives, {compared} members that Python reads, {differences} differences")
    if not differences:
        shutil.rmtree(tools)
    sys.exit(1 if differences else 0)


main()
