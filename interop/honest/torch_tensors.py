"""Tensors of every dtype and layout, views and subclasses."""

import torch

from .saving import Folder

# The dtypes below a byte that only the compiler knows, and those that need a scale: torch itself cannot save them as they are.
UNSAVED = {f"torch.int{bits}" for bits in range(1, 8)} | {f"torch.uint{bits}" for bits in range(1, 8)} | {f"torch.{name}" for name in ("qint8", "quint8", "qint32", "quint4x2", "quint2x4")}
DTYPES = sorted({value for value in vars(torch).values() if isinstance(value, torch.dtype) and str(value) not in UNSAVED}, key=str)


def tensors():
    for dtype in DTYPES:
        name = str(dtype).removeprefix("torch.")
        try:
            yield f"dtype_{name}", torch.zeros(3, 4, dtype=dtype)
        except (RuntimeError, TypeError, NotImplementedError):
            try:
                yield f"dtype_{name}", torch.empty(3, 4, dtype=dtype)
            except (RuntimeError, TypeError, NotImplementedError):
                continue
    dense = torch.rand(4, 6)
    yield "scalar", torch.tensor(3.5)
    yield "empty", torch.zeros(0, 3)
    yield "strided_view", dense[::2, 1:5:2]
    yield "transposed", dense.t()
    yield "expanded", torch.zeros(1, 1).expand(100, 100)
    yield "channels_last", torch.rand(1, 3, 4, 4).to(memory_format=torch.channels_last)
    yield "gradient", torch.rand(3, requires_grad=True)
    yield "parameter", torch.nn.Parameter(dense)
    yield "buffer", torch.nn.Buffer(dense) if hasattr(torch.nn, "Buffer") else dense
    yield "uninitialised", torch.nn.UninitializedParameter()
    yield "parameter_attribute", _with_attribute(torch.nn.Parameter(dense))
    yield "conjugate", torch.rand(3, dtype=torch.complex64).conj()
    yield "negative", torch.rand(3, dtype=torch.complex64).conj().imag
    yield "sparse_coo", dense.to_sparse()
    yield "sparse_coo_uncoalesced", torch.sparse_coo_tensor([[0, 0], [1, 1]], [1.0, 2.0], (3, 3))
    yield "sparse_csr", dense.to_sparse_csr()
    yield "sparse_csc", dense.to_sparse_csc()
    yield "sparse_bsr", dense.to_sparse_bsr((2, 2))
    yield "sparse_bsc", dense.to_sparse_bsc((2, 2))
    yield "quantised", torch.quantize_per_tensor(dense, 0.1, 3, torch.quint8)
    yield "quantised_channels", torch.quantize_per_channel(dense, torch.ones(4) * 0.1, torch.zeros(4, dtype=torch.int64), 0, torch.qint8)
    yield "quantised_32", torch.quantize_per_tensor(dense, 0.1, 3, torch.qint32)
    yield "nested", torch.nested.nested_tensor([torch.zeros(2, 3), torch.zeros(4, 3)])
    yield "nested_jagged", torch.nested.nested_tensor([torch.zeros(2, 3), torch.zeros(4, 3)], layout=torch.jagged)
    yield "meta", torch.zeros(3, device="meta")
    yield "shared_storage", (lambda base: {"base": base, "row": base[1], "column": base[:, 1]})(torch.rand(3, 3))
    yield "typed_storage", torch.FloatStorage([1.0, 2.0])
    yield "untyped_storage", torch.UntypedStorage(16)
    yield "generator_state", torch.Generator().get_state()
    yield "packed_sequence", torch.nn.utils.rnn.pack_sequence([torch.zeros(3, 2), torch.zeros(2, 2)])
    yield "size_and_dtype", [torch.Size([1, 2]), torch.float16, torch.strided, torch.device("cpu"), torch.contiguous_format]
    yield "finfo", [torch.finfo(torch.float32).max, torch.iinfo(torch.int8).max]
    yield "distribution", torch.distributions.Normal(torch.zeros(2), torch.ones(2))
    yield "bytes_that_look_bad", torch.frombuffer(bytearray(b"\x80\x04cos\nsystem\n\x94R." * 9), dtype=torch.uint8)
    yield "dataset", torch.utils.data.TensorDataset(torch.zeros(3, 2), torch.ones(3))
    yield "subset", torch.utils.data.Subset(torch.utils.data.TensorDataset(torch.zeros(3, 2)), [0, 2])


def _with_attribute(parameter):
    parameter.tag = "kept"
    return parameter


def write(folder: Folder):
    torch.manual_seed(7)
    for name, value in tensors():
        folder.save(f"{name}.pt", lambda path: torch.save(value, path))
        folder.save(f"{name}.dict.pth", lambda path: torch.save({"weight": value, "again": value, "step": 3}, path))
        folder.save(f"{name}.legacy.pt", lambda path: torch.save(value, path, _use_new_zipfile_serialization=False))
        folder.pickles(name, value, (2, 4))
