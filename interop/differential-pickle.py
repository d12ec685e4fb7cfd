"""Compares what our pickle reader says a stream does with what two real machines do, over generated and real streams.

usage: differential-pickle.py [--count N] [--seed S] [--files FOLDER]

The real machines are CPython's C unpickler and its pure Python one, both with a find_class that returns a fresh inert class
which writes down how it is used: nothing is imported and nothing but these classes is ever called. pickletools.genops is
the third opinion, on where opcodes and streams end.

What must hold, for each stream:
- every import, call, state and item that a real machine performs is in our list, in the same order (ours goes on where a
  machine stops at an error, so it may hold more);
- if a machine loads the stream to its end, we read it to the same end and our list holds nothing more than the machine's;
- where genops reads a stream to its end we find as many opcodes and the same end.
DIFFERENCES says where the opinions may differ and why; each is counted, and any other difference fails.
"""

import argparse
import collections
import json
import pathlib
import pickle
import pickletools
import random
import resource
import subprocess
import sys
import tempfile
import warnings

from differential.machines import load
from differential.programs import program

HERE = pathlib.Path(__file__).resolve().parent

DIFFERENCES = {
    "genops-text": "pickletools decodes names and INT lines as ASCII and in base 10; both machines take UTF-8 and base 0",
    "genops-frame": "pickletools knows nothing of frames; the machines refuse impossible ones, and so do we",
    "genops-order": "pickletools checks no stack, so it goes on behind an underflow or a missing memo entry; we do as well and say so",
    "unended-line": "the pure Python machine takes a name that the data ends in without a line feed, less its last letter; we say truncated",
    "frame-refill": "an argument runs over its frame: the C machine reads on elsewhere when it reads from a file; we say so and try that reading",
    "nothing-added": "SETITEMS, APPENDS and ADDITEMS with no items, and BUILD with an empty state, touch nothing; we name them all the same",
    "python-only": "the pure Python machine accepts what the C one refuses (any iterable as arguments, frames longer than the data)",
    "values-refused": "neither machine reaches the end, because of a value (a state for a number, an unhashable key, bytes that are no text); to us only imports and calls matter",
    "both-refuse": "neither machine reaches the end; our list holds at least what they did before",
}


def ours_as_events(trace):
    """Our list in the words of the recorders, without what a machine does only to its own lists and dicts."""
    events = []
    for one in trace["order"]:
        kind, what = one["kind"], one["what"]
        if kind == "import":
            events.append(("import", what))
        elif kind == "persistent":
            events.append(("persistent",))
        elif kind in ("call", "build", "mutate"):
            events.append((kind, what))
        else:
            events.append((kind, what))
    return events


def folded(events):
    """One item opcode may be one method call or many: repeated changes of one thing count once."""
    out = []
    for event in events:
        if not (event[0] == "mutate" and out and out[-1] == event):
            out.append(event)
    return out


def same(real, ours):
    """True when the two events are one. We name what was built by calling a built thing in fewer words."""
    if real == ours:
        return True
    return real[0] == ours[0] and len(real) == len(ours) == 2 and real[1].endswith("()()") and ours[1] == "call()()"


def contains(real, ours):
    """None when `real` is in `ours` in order, else the first event that is not."""
    at = 0
    for event in real:
        while at < len(ours) and not same(event, ours[at]):
            at += 1
        if at == len(ours):
            return event
        at += 1
    return None


def without_last_name(events):
    """The events without a last import and what was called at once with it (INST)."""
    while events and events[-1][0] == "call":
        events = events[:-1]
    return events[:-1]


def genops(data):
    """(opcodes, end) by pickletools, or None when it gives up."""
    count = 0
    end = None
    try:
        for opcode, _, position in pickletools.genops(data):
            count += 1
            if opcode.code == ".":
                end = position + 1
    except Exception:  # noqa: BLE001
        return None
    return count, end


def compare(data, streams, counts):
    """Sentences about what differs and may not."""
    if isinstance(streams, dict):
        return [f"our reader threw: {streams['error']}"]
    if not streams:
        return ["our reader found no stream"]
    trace = streams[0]
    ours = folded(ours_as_events(trace))
    problems = []
    ends = {}
    for name, base in (("C", pickle.Unpickler), ("Python", pickle._Unpickler)):
        events, end = load(base, data)
        events = folded(events)
        ends[name] = end
        missing = contains(events, ours)
        odd = {oddity["code"] for oddity in trace["oddities"]}
        if missing and name == "Python" and "truncated" in odd and not contains(without_last_name(events), ours):
            counts["unended-line"] += 1
            missing = None
        elif missing and name == "C" and "frame-straddled" in odd:
            counts["frame-refill"] += 1
            missing = None
        if missing:
            problems.append(f"{name} did {missing}, ours did not: {events} / {ours}")
        if end is None:
            continue
        if trace["end"] != end or not trace["complete"]:
            problems.append(f"{name} read to {end}, we to {trace['end']} (complete: {trace['complete']}, {trace['oddities']})")
        if "frame-straddled" in odd and name == "C":
            continue
        extra = list(ours)
        for event in events:
            position = next((i for i, mine in enumerate(extra) if same(event, mine)), None)
            if position is not None:
                del extra[position]
        if extra and all(event[0] in ("mutate", "build") for event in extra):
            counts["nothing-added"] += 1
        elif extra and not missing:
            problems.append(f"{name} did less than we say: {events} / {ours}")
    if ends["C"] is None and ends["Python"] is None:
        counts["both-refuse"] += 1
        if trace["complete"] and not trace["oddities"]:
            counts["values-refused"] += 1
    elif ends["C"] is None:
        counts["python-only"] += 1
    third = genops(data)
    if third and (third[0] != trace["opcodes"] or third[1] != trace["end"]):
        if ends["C"] is None and ends["Python"] is None:
            counts["genops-order"] += 1
        else:
            problems.append(f"genops: {third}, ours: {(trace['opcodes'], trace['end'])}")
    elif third is None and ends["C"] is not None:
        counts["genops-text"] += 1
    return problems


def trace_all(files):
    done = subprocess.run(["node", str(HERE.parent / "scripts/trace.mjs")], input="\n".join(map(str, files)) + "\n", capture_output=True, text=True, timeout=1200)
    if done.returncode:
        raise SystemExit(f"trace.mjs failed: {done.stderr[-2000:]}")
    return [json.loads(text) for text in done.stdout.split("\n") if text]


def real_pickles():
    """Values of the standard library by both picklers, at every protocol."""
    from honest import standard_library

    for _, value in standard_library.values():
        for protocol in range(6):
            for dumps in (pickle.dumps, pickle._dumps):
                try:
                    yield dumps(value, protocol)
                except Exception:  # noqa: BLE001 - some values have no pickle at a protocol
                    continue


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=20000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", type=int, default=20)
    options = parser.parse_args()
    # A stream may ask the machines for much memory; they are to say no.
    resource.setrlimit(resource.RLIMIT_AS, (4 * 2**30, resource.RLIM_INFINITY))
    sys.setrecursionlimit(5000)
    warnings.filterwarnings("ignore")
    rng = random.Random(options.seed)
    streams = [program(rng) for _ in range(options.count)]
    real = list(real_pickles())
    bad = 0
    completed = 0
    counts = collections.Counter()
    with tempfile.TemporaryDirectory(prefix="differential-") as folder:
        files = []
        for number, data in enumerate(streams + real):
            file = pathlib.Path(folder) / f"{number}.pkl"
            file.write_bytes(data)
            files.append(file)
        for number, (data, traces) in enumerate(zip(streams + real, trace_all(files))):
            completed += load(pickle.Unpickler, data)[1] is not None
            problems = compare(data, traces, counts)
            if problems:
                bad += 1
                if bad <= options.show:
                    print(f"stream {number} of seed {options.seed}: {data[:200]!r}")
                    for problem in problems:
                        print(f"    {problem[:600]}")
    for name, count in sorted(counts.items()):
        print(f"  {count:6} times: {name}: {DIFFERENCES.get(name, '')}")
    print(f"{len(streams)} generated and {len(real)} real streams, {completed} loaded by the C machine; differences not explained: {bad}")
    # A generator whose programs hardly ever load would compare nothing.
    sys.exit(1 if bad or completed < 0.3 * len(streams) else 0)


if __name__ == "__main__":
    main()
