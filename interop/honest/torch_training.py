"""Optimizers, learning-rate schedules and whole training checkpoints."""

import argparse
import collections
import inspect
import pathlib
import random

import numpy as np
import torch
from torch import nn, optim

from .saving import Folder


def stepped(optimizer, model, sparse=False):
    def closure():
        optimizer.zero_grad()
        loss = model(torch.tensor([[1, 2]]) if sparse else torch.rand(4, 3)).pow(2).mean()
        loss.backward()
        return loss

    for _ in range(2):
        optimizer.step(closure)
    return optimizer


def optimizers():
    for name, kind in sorted(vars(optim).items()):
        if not inspect.isclass(kind) or not issubclass(kind, optim.Optimizer) or kind is optim.Optimizer:
            continue
        sparse = name == "SparseAdam"
        model = nn.Embedding(5, 3, sparse=True) if sparse else nn.Linear(3, 2, bias=name != "Muon")
        yield name, model, stepped(kind(model.parameters(), lr=0.01), model, sparse)
    model = nn.Linear(3, 2)
    groups = [{"params": [model.weight], "lr": 0.1}, {"params": [model.bias], "weight_decay": 0.0}]
    yield "groups", model, stepped(optim.AdamW(groups, amsgrad=True), model)
    yield "momentum", model, stepped(optim.SGD(model.parameters(), 0.1, momentum=0.9, nesterov=True), model)


def schedules():
    schedule = optim.lr_scheduler

    def base():
        return optim.SGD([nn.Parameter(torch.zeros(2))], lr=0.1, momentum=0.9)

    yield "StepLR", schedule.StepLR(base(), 3)
    yield "MultiStepLR", schedule.MultiStepLR(base(), [3, 5])
    yield "ConstantLR", schedule.ConstantLR(base())
    yield "LinearLR", schedule.LinearLR(base())
    yield "ExponentialLR", schedule.ExponentialLR(base(), 0.9)
    yield "PolynomialLR", schedule.PolynomialLR(base())
    yield "CosineAnnealingLR", schedule.CosineAnnealingLR(base(), 10)
    yield "CosineAnnealingWarmRestarts", schedule.CosineAnnealingWarmRestarts(base(), 10)
    yield "CyclicLR", schedule.CyclicLR(base(), 0.01, 0.1)
    yield "OneCycleLR", schedule.OneCycleLR(base(), 0.1, total_steps=20)
    yield "ReduceLROnPlateau", schedule.ReduceLROnPlateau(base())
    yield "SequentialLR", schedule.SequentialLR(b := base(), [schedule.ConstantLR(b), schedule.ExponentialLR(b, 0.9)], [2])
    yield "ChainedScheduler", schedule.ChainedScheduler([schedule.ConstantLR(b2 := base()), schedule.ExponentialLR(b2, 0.9)])
    yield "SWALR", optim.swa_utils.SWALR(base(), 0.05)


def checkpoints():
    model = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.ReLU(), nn.Linear(4, 1))
    optimizer = stepped(optim.Adam(model.parameters()), model)
    common = {"epoch": 3, "model": model.state_dict(), "optimizer": optimizer.state_dict(), "loss": 0.25}
    yield "common", common
    yield "arguments", {**common, "args": argparse.Namespace(lr=0.1, data=pathlib.PosixPath("data/train"), layers=[1, 2])}
    yield "random_states", {
        "python": random.Random(7).getstate(),
        "numpy": np.random.RandomState(7).get_state(),
        "cpu": torch.get_rng_state(),
        "generator": torch.Generator().get_state(),
    }
    yield "metrics", {**common, "best": np.float64(0.9), "history": collections.defaultdict(list, loss=[0.5, np.float32(0.3)])}
    yield "ordered", collections.OrderedDict(("module." + k, v) for k, v in model.state_dict().items())
    yield "scaler", {"scaler": torch.amp.GradScaler("cpu").state_dict(), **common}
    yield "whole_scaler", torch.amp.GradScaler("cpu")
    yield "whole_model_in_dict", {"epoch": 1, "model": model, "ema": model.half(), "updates": 3, "date": "2026-11-24T00:00:00", "git": None}
    yield "dtype_and_device", {"dtype": torch.float16, "device": torch.device("cpu"), "size": torch.Size([1, 2]), "format": torch.channels_last}
    yield "plain_numbers", {"a": 1, "b": [1.5, None, True], "c": "text"}
    yield "set_and_tuple", {"ids": {1, 2, 3}, "shape": (1, 2, 3), "pair": (torch.zeros(1), torch.ones(1))}


def write(folder: Folder):
    torch.manual_seed(7)
    inner = folder.sub("optimizers")
    for name, model, optimizer in optimizers():
        saved(inner, f"{name}", optimizer)
        saved(inner, f"{name}.state", optimizer.state_dict())
        saved(inner, f"{name}.with_model", {"model": model.state_dict(), "optimizer": optimizer.state_dict()})
    inner = folder.sub("schedules")
    for name, schedule in schedules():
        saved(inner, name, schedule)
        saved(inner, f"{name}.state", schedule.state_dict())
    inner = folder.sub("checkpoints")
    for name, checkpoint in checkpoints():
        saved(inner, name, checkpoint)


def saved(folder, name, value):
    folder.save(f"{name}.pt", lambda path: torch.save(value, path))
    folder.save(f"{name}.legacy.pt", lambda path: torch.save(value, path, _use_new_zipfile_serialization=False))
    folder.save(f"{name}.p4.pt", lambda path: torch.save(value, path, pickle_protocol=4))
    folder.pickles(name, value, (2, 4, 5))
