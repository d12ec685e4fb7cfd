"""Every class of torch.nn: whole module and state dict, by torch.save in both containers and by pickle."""

import inspect

import torch
from torch import nn
from torch.nn.utils import prune

from .saving import Folder

# Constructor arguments tried in turn until one works: most modules take a few small integers.
ARGUMENTS = [(), (4,), (4, 4), (4, 4, 1), (4, 4, 4), (2, 4, 1), ((1, 1),), ([torch.zeros(2)],), ({"a": nn.ReLU()},), (0.1, 1.0), (4, 20, [5, 10])]
SPECIAL = {
    "Sequential": lambda: nn.Sequential(nn.Linear(2, 3), nn.ReLU(), nn.Linear(3, 1)),
    "ModuleList": lambda: nn.ModuleList([nn.Linear(2, 2), nn.Tanh()]),
    "ModuleDict": lambda: nn.ModuleDict({"a": nn.Linear(2, 2), "b": nn.Tanh()}),
    "ParameterList": lambda: nn.ParameterList([torch.zeros(2), torch.ones(3)]),
    "ParameterDict": lambda: nn.ParameterDict({"a": torch.zeros(2)}),
    "MultiheadAttention": lambda: nn.MultiheadAttention(4, 2),
    "Transformer": lambda: nn.Transformer(4, 2, 1, 1, 8),
    "TransformerEncoderLayer": lambda: nn.TransformerEncoderLayer(4, 2, 8),
    "TransformerDecoderLayer": lambda: nn.TransformerDecoderLayer(4, 2, 8),
    "TransformerEncoder": lambda: nn.TransformerEncoder(nn.TransformerEncoderLayer(4, 2, 8), 2),
    "TransformerDecoder": lambda: nn.TransformerDecoder(nn.TransformerDecoderLayer(4, 2, 8), 2),
    "AdaptiveLogSoftmaxWithLoss": lambda: nn.AdaptiveLogSoftmaxWithLoss(4, 20, [5, 10]),
    "DataParallel": lambda: nn.DataParallel(nn.Linear(2, 2)),
    "RNNCellBase": lambda: nn.modules.rnn.RNNCellBase(3, 4, True, 4),
    "RNNBase": lambda: nn.RNNBase("LSTM", 3, 4),
    "Unflatten": lambda: nn.Unflatten(1, (2, 2)),
    "CrossEntropyLoss": lambda: nn.CrossEntropyLoss(weight=torch.ones(3)),
}
# Not modules by themselves, or only with other processes around.
ABSTRACT = ("Module", "Container", "DistributedDataParallel")


def make(kind):
    if kind.__name__ in SPECIAL:
        return SPECIAL[kind.__name__]()
    for arguments in ARGUMENTS:
        try:
            return kind(*arguments)
        except Exception:  # noqa: BLE001 - the next arguments may fit
            continue
    raise TypeError(f"no arguments fit for {kind.__name__}")


def modules():
    found = {name: kind for name, kind in vars(nn).items() if inspect.isclass(kind) and issubclass(kind, nn.Module)}
    for name, kind in sorted(found.items()):
        if name not in ABSTRACT:
            yield name, make(kind)


def compositions():
    shared = nn.Linear(3, 3)
    yield "tied_weights", nn.Sequential(shared, nn.ReLU(), shared)
    yield "weight_norm", nn.utils.parametrizations.weight_norm(nn.Linear(3, 3))
    yield "weight_norm_old", nn.utils.weight_norm(nn.Linear(3, 3))
    yield "spectral_norm", nn.utils.parametrizations.spectral_norm(nn.Linear(3, 3))
    yield "spectral_norm_old", nn.utils.spectral_norm(nn.Linear(3, 3))
    yield "orthogonal", nn.utils.parametrizations.orthogonal(nn.Linear(3, 3))
    yield "pruned", prune.l1_unstructured(nn.Linear(3, 3), "weight", 0.5)
    yield "half", nn.Linear(3, 3).half()
    yield "bfloat", nn.Linear(3, 3).bfloat16()
    yield "frozen", nn.Linear(3, 3).requires_grad_(False)
    yield "gelu_layer", nn.TransformerEncoderLayer(4, 2, 8, activation="gelu", batch_first=True)
    yield "meta", nn.Linear(3, 3, device="meta")
    yield "averaged", torch.optim.swa_utils.AveragedModel(nn.Linear(3, 3))
    yield "quantised_dynamic", torch.ao.quantization.quantize_dynamic(nn.Sequential(nn.Linear(3, 3)), {nn.Linear})
    yield "quantised_static", _quantised()
    yield "prepared", _prepared()
    yield "fx_traced", torch.fx.symbolic_trace(nn.Sequential(nn.Linear(3, 3), nn.ReLU()))


def _prepared():
    model = nn.Sequential(torch.ao.quantization.QuantStub(), nn.Conv2d(1, 2, 1), nn.ReLU(), torch.ao.quantization.DeQuantStub()).eval()
    model.qconfig = torch.ao.quantization.get_default_qconfig("fbgemm")
    return torch.ao.quantization.prepare(model)


def _quantised():
    model = _prepared()
    model(torch.rand(1, 1, 3, 3))
    return torch.ao.quantization.convert(model)


def write(folder: Folder):
    torch.manual_seed(7)
    for group, things in (("nn", modules()), ("compositions", compositions())):
        inner = folder.sub(group)
        for name, module in things:
            inner.save(f"{name}.pt", lambda path: torch.save(module, path))
            inner.save(f"{name}.legacy.pt", lambda path: torch.save(module, path, _use_new_zipfile_serialization=False))
            inner.save(f"{name}.state.pth", lambda path: torch.save(module.state_dict(), path))
            inner.save(f"{name}.state.legacy.bin", lambda path: torch.save(module.state_dict(), path, _use_new_zipfile_serialization=False))
            inner.pickles(name, module, (2, 4))
