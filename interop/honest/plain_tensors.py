"""Formats of tensors alone: safetensors by each front end, and GGUF."""

import gguf
import numpy as np
import safetensors.numpy
import safetensors.torch
import torch

from .saving import Folder


def write(folder: Folder):
    torch.manual_seed(7)
    tensors = folder.sub("safetensors")
    for dtype in (torch.float32, torch.float16, torch.bfloat16, torch.float64, torch.int8, torch.uint8, torch.int16, torch.int32, torch.int64, torch.bool, torch.float8_e4m3fn, torch.float8_e5m2):
        tensors.save(f"{str(dtype)[6:]}.safetensors", lambda path: safetensors.torch.save_file({"w": torch.zeros(4, 5).to(dtype), "b": torch.zeros(3).to(dtype)}, path))
    for code in "f4 f8 f2 i1 u1 i2 u2 i4 u4 i8 u8 ?".split():
        tensors.save(f"numpy_{np.dtype(code).name}.safetensors", lambda path: safetensors.numpy.save_file({"w": np.zeros((2, 3), dtype=code)}, path))
    many = {f"model.layers.{i}.weight": torch.rand(i % 7, 3) for i in range(300)}
    tensors.save("many.safetensors", lambda path: safetensors.torch.save_file(many, path, metadata={"format": "pt", "notes": "eval import os"}))
    tensors.save("empty.safetensors", lambda path: safetensors.torch.save_file({}, path))
    tensors.save("scalar.safetensors", lambda path: safetensors.torch.save_file({"s": torch.tensor(3.0)}, path))
    tensors.save("model.safetensors", lambda path: safetensors.torch.save_model(torch.nn.Linear(3, 3), path))
    models = folder.sub("gguf")
    for kind in (gguf.GGMLQuantizationType.F32, gguf.GGMLQuantizationType.F16, gguf.GGMLQuantizationType.Q8_0, gguf.GGMLQuantizationType.Q4_0, gguf.GGMLQuantizationType.Q5_1, gguf.GGMLQuantizationType.BF16):
        models.save(f"{kind.name}.gguf", lambda path: quantised(path, kind))
    for architecture in ("llama", "qwen2", "gpt2", "bert", "whisper"):
        models.save(f"{architecture}.gguf", lambda path: described(path, architecture))
    models.save("big_endian.gguf", lambda path: described(path, "llama", endianess=gguf.GGUFEndian.BIG))


def finish(writer):
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def quantised(path, kind):
    writer = gguf.GGUFWriter(path, "llama")
    data = np.random.default_rng(7).random((4, 64), dtype="f4")
    writer.add_tensor("blk.0.weight", gguf.quants.quantize(data, kind), raw_dtype=kind)
    finish(writer)


def described(path, architecture, **options):
    writer = gguf.GGUFWriter(path, architecture, **options)
    writer.add_name("model")
    writer.add_description("import os; eval(x) in a text")
    writer.add_url("https://example.com")
    writer.add_context_length(32)
    writer.add_block_count(1)
    writer.add_tokenizer_model("gpt2")
    writer.add_token_list(["eval", "os.system", "{{", "}}", "a"])
    writer.add_token_types([1] * 5)
    writer.add_token_merges(["a b"])
    writer.add_chat_template("{% for message in messages %}{{ '<|' + message['role'] + '|>' + message['content'] }}{% endfor %}")
    writer.add_array("custom.array", [1, 2, 3])
    writer.add_tensor("blk.0.weight", np.zeros((3, 4), dtype="f4"))
    finish(writer)
