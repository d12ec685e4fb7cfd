"""The other containers of PyTorch: TorchScript, lite, export, package, distributed checkpoints, and Lightning."""

import logging
import tempfile

import torch
from torch import nn

from .saving import Folder


class Scripted(nn.Module):
    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(3, 3)
        self.scale: float = 2.0

    def forward(self, x: torch.Tensor, times: int = 2) -> torch.Tensor:
        for _ in range(times):
            x = torch.relu(self.linear(x)) * self.scale
        if x.sum() > 100:
            print("large")
        return x

    @torch.jit.export
    def names(self) -> list[str]:
        return ["a", "b"]


def write(folder: Folder):
    torch.manual_seed(7)
    logging.disable(logging.WARNING)
    script(folder.sub("script"))
    exported(folder.sub("export"))
    packaged(folder.sub("package"))
    distributed(folder.sub("distributed"))
    lightning(folder.sub("lightning"))


def networks():
    yield "linear", nn.Linear(3, 3), torch.rand(2, 3)
    yield "sequence", nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Dropout(), nn.Linear(4, 1)), torch.rand(2, 3)
    yield "convolution", nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten()), torch.rand(1, 1, 8, 8)
    yield "lstm", nn.LSTM(3, 4), torch.rand(5, 1, 3)
    yield "attention", nn.TransformerEncoderLayer(4, 2, 8), torch.rand(3, 1, 4)
    yield "embedding", nn.Sequential(nn.Embedding(9, 3), nn.LayerNorm(3)), torch.tensor([[1, 2]])


def script(folder):
    for name, model, example in networks():
        model.eval()
        for kind, made in (("traced", lambda: torch.jit.trace(model, example)), ("scripted", lambda: torch.jit.script(model))):
            folder.save(f"{name}.{kind}.pt", lambda path: made().save(path))
            folder.save(f"{name}.{kind}.frozen.pt", lambda path: torch.jit.freeze(made().eval()).save(path))
            folder.save(f"{name}.{kind}.ptl", lambda path: made()._save_for_lite_interpreter(path))
            folder.save(f"{name}.{kind}.jit_save.pth", lambda path: torch.jit.save(made(), path, _extra_files={"notes.txt": "import os is only text"}))
    folder.save("own_class.pt", lambda path: torch.jit.script(Scripted()).save(path))
    quantised = torch.ao.quantization.quantize_dynamic(nn.Sequential(nn.Linear(3, 3)).eval(), {nn.Linear})
    folder.save("quantised.pt", lambda path: torch.jit.script(quantised).save(path))
    folder.save("function.pt", lambda path: torch.jit.script(_twice).save(path))


def _twice(x: torch.Tensor) -> torch.Tensor:
    return x * 2


def exported(folder):
    for name, model, example in networks():
        folder.save(f"{name}.pt2", lambda path: torch.export.save(torch.export.export(model.eval(), (example,)), path))


def packaged(folder):
    for name, model, _ in networks():
        folder.save(f"{name}.package.pt", lambda path: _package(path, model))


def _package(path, model):
    with torch.package.PackageExporter(path) as out:
        out.extern(["torch.**", "collections.**"])
        out.save_pickle("model", "model.pkl", model)
        out.save_text("model", "notes.txt", "plain")
        out.save_source_string("helpers", "def double(x):\n    return x * 2\n")


def distributed(folder):
    import torch.distributed.checkpoint as checkpoint

    for name, model, _ in networks():
        folder.save(name, lambda path: checkpoint.save({"model": model.state_dict(), "step": 3}, checkpoint_id=path))
    optimizer = torch.optim.Adam((model := nn.Linear(3, 3)).parameters())
    model(torch.rand(2, 3)).sum().backward()
    optimizer.step()
    folder.save("with_optimizer", lambda path: checkpoint.save({"model": model.state_dict(), "optimizer": optimizer.state_dict()}, checkpoint_id=path))


def lightning(folder):
    from . import lightning_task

    for name, trainer in lightning_task.trainers(tempfile.mkdtemp(prefix="lightning-")):
        folder.save(f"{name}.ckpt", trainer.save_checkpoint)
        folder.save(f"{name}.weights.ckpt", lambda path: trainer.save_checkpoint(path, weights_only=True))
