"""Writes the files that scripts/bench.mjs measures: bench-files.py FOLDER [NAME ...]. Files that are there already are kept."""

import os
import pathlib
import pickle
import struct
import sys
import zipfile

folder = pathlib.Path(sys.argv[1])


def small_evil(path):
    path.write_bytes(b"cos\nsystem\n(S'true'\ntR.")


def folder_of_checkpoints(path):
    import torch

    path.mkdir()
    for number in range(300):
        torch.save({f"layer.{i}.weight": torch.zeros(4, 4) for i in range(20)}, path / f"{number}.pt")


def folder_of_models(path):
    import random

    import torch

    chance = random.Random(1)
    path.mkdir()
    for number in range(300):
        kind = chance.choice(["layer", "encoder.block", "conv", "fc"])
        sides = [(chance.randint(1, 6), chance.randint(1, 6)) for _ in range(chance.randint(5, 35))]
        torch.save({f"{kind}.{i}.weight": torch.zeros(side) for i, side in enumerate(sides)}, path / f"{number}.pt")


def many_dicts(path):
    with open(path, "wb") as out:
        pickle.dump([{"id": i, "text": f"value {i}", "score": i / 7} for i in range(400_000)], out, protocol=4)


def state_dict(path):
    import torch

    torch.save({f"layer.{i}.weight": torch.zeros(2**20) for i in range(128)}, path)


def many_members(path):
    with zipfile.ZipFile(path, "w") as out:
        for number in range(100_000):
            out.writestr(f"folder/{number % 100}/{number}.txt", b"text")


def deflated_zeros(path):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as out, out.open("zeros.bin", "w", force_zip64=True) as member:
        for _ in range(2048):
            member.write(bytes(2**20))


def onnx_model(path):
    import numpy
    from onnx import TensorProto, helper, numpy_helper, save

    weights = [numpy_helper.from_array(numpy.zeros(25 * 2**20 // 4, dtype="f4"), f"w{i}") for i in range(16)]
    shape = [25 * 2**20 // 4]
    nodes = [helper.make_node("Add", [f"x{i}", f"w{i}"], [f"x{i + 1}"]) for i in range(16)]
    ends = [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name in ("x0", "x16")]
    save(helper.make_model(helper.make_graph(nodes, "g", ends[:1], ends[1:], weights)), path)


def safetensors_file(path):
    import json

    entries = {f"layer.{i}.weight": {"dtype": "F32", "shape": [2**18], "data_offsets": [i * 2**20, (i + 1) * 2**20]} for i in range(1024)}
    header = json.dumps(entries).encode()
    header += b" " * (-len(header) % 8)
    with open(path, "wb") as out:
        out.write(struct.pack("<Q", len(header)) + header)
        out.truncate(8 + len(header) + 2**30)


def gguf_file(path):
    import numpy
    import gguf

    writer = gguf.GGUFWriter(str(path), "llama")
    writer.add_token_list([f"token{i}" for i in range(150_000)])
    writer.add_token_scores([0.0] * 150_000)
    for number in range(100_000):
        writer.add_tensor(f"blk.{number}.w", numpy.zeros(8, dtype="f4"))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def hdf5_file(path):
    import h5py
    import numpy

    with h5py.File(path, "w") as out:
        for number in range(75):
            out.create_dataset(f"model_weights/layer_{number}/kernel", data=numpy.zeros(2**20, dtype="f4"))


FILES = {
    "evil.pkl": small_evil,
    "checkpoints": folder_of_checkpoints,
    "models": folder_of_models,
    "dicts.pkl": many_dicts,
    "state.pt": state_dict,
    "members.zip": many_members,
    "zeros.zip": deflated_zeros,
    "model.onnx": onnx_model,
    "model.safetensors": safetensors_file,
    "model.gguf": gguf_file,
    "model.h5": hdf5_file,
}

folder.mkdir(parents=True, exist_ok=True)
for name in sys.argv[2:] or FILES:
    if not os.path.exists(folder / name):
        FILES[name](folder / name)
