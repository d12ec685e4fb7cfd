"""torchvision: the structure of every model, the small ones with their numbers, and the transforms."""

import torch
import torchvision
from torchvision import models, transforms
from torchvision.transforms import v2

from .saving import Folder

# Below this many parameters a model is saved with its numbers; the larger ones say nothing more and take long to write.
SMALL = 4_000_000


def made():
    for name in sorted(models.list_models()):
        if any(word in name for word in ("_large", "_giant", "vit_h", "vit_l", "regnet_y_128", "quantized")):
            continue
        with torch.device("meta"):
            try:
                empty = models.get_model(name, weights=None, **({"weights_backbone": None} if _takes_backbone(name) else {}))
            except Exception:  # noqa: BLE001 - cannot be built on the meta device
                continue
        count = sum(p.numel() for p in empty.parameters())
        yield name, empty, count


def _takes_backbone(name):
    import inspect

    return "weights_backbone" in inspect.signature(models.get_model_builder(name)).parameters


def write(folder: Folder):
    torch.manual_seed(7)
    states, whole = folder.sub("states"), folder.sub("whole")
    for name, empty, count in made():
        # The meta device gives the structure of every model in no time; the small ones are saved with their numbers too.
        whole.save(f"{name}.meta.pt", lambda path: torch.save(empty, path))
        if count <= SMALL:
            states.save(f"{name}.pth", lambda path: torch.save(empty.to_empty(device="cpu").state_dict(), path))
            whole.save(f"{name}.pt", lambda path: torch.save(empty.to_empty(device="cpu"), path))
            whole.save(f"{name}.legacy.pt", lambda path: torch.save(empty.to_empty(device="cpu"), path, _use_new_zipfile_serialization=False))
    inner = folder.sub("transforms")
    for name, value in pipelines():
        inner.pickles(name, value, (2, 4))
        inner.save(f"{name}.pt", lambda path: torch.save(value, path))
    inner = folder.sub("tensors")
    for name, value in {
        "boxes": torchvision.tv_tensors.BoundingBoxes([[0, 0, 1, 1]], format="XYXY", canvas_size=(2, 2)),
        "image": torchvision.tv_tensors.Image(torch.zeros(3, 2, 2)),
        "mask": torchvision.tv_tensors.Mask(torch.zeros(1, 2, 2)),
    }.items():
        inner.save(f"{name}.pt", lambda path: torch.save(value, path))


def pipelines():
    yield "usual", transforms.Compose([transforms.Resize(8), transforms.CenterCrop(8), transforms.ToTensor(), transforms.Normalize([0.5], [0.5])])
    yield "augmented", transforms.Compose([transforms.RandomHorizontalFlip(), transforms.ColorJitter(), transforms.RandomErasing()])
    yield "second_version", v2.Compose([v2.Resize(8), v2.ToDtype(torch.float32, scale=True), v2.Normalize([0.5], [0.5])])
    yield "preset", models.ResNet18_Weights.DEFAULT.transforms()
