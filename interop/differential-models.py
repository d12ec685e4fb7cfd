"""Compares what we read of HDF5, safetensors and GGUF files with what their own libraries read.

usage: differential-models.py FOLDER...
Exit code 0 when nothing differs, 1 otherwise. HDF5: every link, attribute text, shape, element size and filter, object by
object. Safetensors and GGUF: tensors, parameters, types and metadata, as `modelaudit metadata` tells them.
"""

import json
import pathlib
import subprocess
import sys

import gguf
import h5py
import numpy as np
from safetensors import safe_open

HERE = pathlib.Path(__file__).resolve().parent
COMMAND = ["node", str(HERE.parent / "packages/modelaudit/bin/modelaudit.js"), "metadata", "--format", "json"]
AT_ONCE = 200


def text_of(value):
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def attribute_texts(node):
    """The texts of each attribute, None for what holds none."""
    found = {}
    for name in node.attrs:
        identifier = node.attrs.get_id(name)
        if identifier.get_type().get_class() != h5py.h5t.STRING or identifier.get_space().get_simple_extent_type() == h5py.h5s.NULL:
            found[name] = None
            continue
        found[name] = [text_of(one) for one in np.asarray(node.attrs[name], dtype=object).reshape(-1)]
    return found


def size_of(kind):
    """Bytes per element in the file. The library tells those of variable length as they are in memory, so what may hold one is left out."""
    variable = kind.get_class() == h5py.h5t.STRING and kind.is_variable_str()
    return None if variable or kind.get_class() in (h5py.h5t.VLEN, h5py.h5t.COMPOUND, h5py.h5t.ARRAY) else kind.get_size()


def hdf5_objects(path):
    objects = {}
    seen = set()

    def visit(name, node):
        key = h5py.h5o.get_info(node.id).addr
        if key in seen:
            return
        seen.add(key)
        told = {"attributes": attribute_texts(node), "links": []}
        objects[name] = told
        if isinstance(node, h5py.Dataset):
            # Of a virtual dataset, the library tells the shape that its sources have at the moment.
            told["shape"] = None if node.shape is None or node.is_virtual else list(node.shape)
            told["size"] = size_of(node.id.get_type())
            pipeline = node.id.get_create_plist()
            told["filters"] = [pipeline.get_filter(i)[0] for i in range(pipeline.get_nfilters())]
        elif isinstance(node, h5py.Group):
            below = []
            for child in node:
                link = node.get(child, getlink=True)
                kind = "soft" if isinstance(link, h5py.SoftLink) else "external" if isinstance(link, h5py.ExternalLink) else "hard"
                told["links"].append([child, kind, link.filename if kind == "external" else None])
                if kind == "hard":
                    below.append(child)
            for child in below:
                visit(f"{'' if name == '/' else name}/{child}", node[child])

    with h5py.File(path, "r") as file:
        visit("/", file["/"])
    return objects


def sorted_links(objects):
    """Which of an object's several paths comes first is a matter of order: both sides are compared by their links alone."""
    return {name: {**told, "links": sorted(told["links"], key=str)} for name, told in objects.items()}


def by_content(objects):
    return sorted(json.dumps({**told, "links": sorted(told["links"], key=str)}, sort_keys=True) for told in objects.values())


def compare_hdf5(paths):
    differences = []
    for start in range(0, len(paths), AT_ONCE):
        part = paths[start : start + AT_ONCE]
        done = subprocess.run(["node", str(HERE / "differential/hdf5-contents.mjs"), *part], capture_output=True, text=True, check=True)
        for line in done.stdout.splitlines():
            ours = json.loads(line)
            try:
                theirs = hdf5_objects(ours["path"])
            except OSError as error:
                print(f"  h5py refuses {ours['path']}: {str(error)[:80]}; we say {ours.get('error', 'nothing')[:80]}")
                continue
            if "error" in ours:
                differences.append(f"{ours['path']}: we say {ours['error']}")
            elif sorted_links(ours["objects"]) != sorted_links(theirs) and by_content(ours["objects"]) != by_content(theirs):
                mine, other = sorted_links(ours["objects"]), sorted_links(theirs)
                first = next(name for name in sorted({*mine, *other}) if mine.get(name) != other.get(name))
                differences.append(f"{ours['path']} at {first}: we {str(mine.get(first))[:300]}, h5py {str(other.get(first))[:300]}")
    return differences


def shortened(metadata):
    """Long values are cut when they are shown."""
    return {key: value[:100] for key, value in metadata.items()}


def safetensors_facts(path):
    with safe_open(path, framework="np") as file:
        slices = [file.get_slice(name) for name in file.keys()]
        facts = {"tensors": len(slices), "parameters": sum(int(np.prod(one.get_shape(), dtype=object)) for one in slices), "dtypes": sorted({one.get_dtype() for one in slices})}
        if file.metadata():
            facts["metadata"] = shortened(file.metadata())
    return facts


def gguf_facts(path):
    tensors = gguf.GGUFReader(path).tensors
    return {"tensors": len(tensors), "parameters": sum(int(one.n_elements) for one in tensors), "dtypes": sorted({one.tensor_type.name for one in tensors})}


def compare_facts(paths, facts_of):
    differences = []
    for start in range(0, len(paths), AT_ONCE):
        done = subprocess.run([*COMMAND, *paths[start : start + AT_ONCE]], capture_output=True, text=True)
        for file in json.loads(done.stdout)["files"]:
            theirs = facts_of(file["path"])
            ours = {key: file["metadata"].get(key) for key in theirs}
            if "metadata" in ours:
                ours["metadata"] = shortened(ours["metadata"] or {})
            if ours != theirs:
                differences.append(f"{file['path']}: we {str(ours)[:300]}, the library {str(theirs)[:300]}")
    return differences


def main():
    files = sorted({str(path) for folder in sys.argv[1:] for path in pathlib.Path(folder).rglob("*") if path.is_file()})
    hdf5 = [path for path in files if h5py.is_hdf5(path)]
    tensors = [path for path in files if path.endswith(".safetensors")]
    models = [path for path in files if path.endswith(".gguf")]
    differences = compare_hdf5(hdf5) + compare_facts(tensors, safetensors_facts) + compare_facts(models, gguf_facts)
    for difference in differences[:40]:
        print(f"  {difference}")
    print(f"{len(hdf5)} HDF5, {len(tensors)} safetensors, {len(models)} GGUF files; {len(differences)} differ")
    sys.exit(1 if differences or not files else 0)


main()
