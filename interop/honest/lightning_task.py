"""A small Lightning task, trained for two steps, with the callbacks people use."""

import warnings

import lightning
import torch
from lightning.pytorch import callbacks


class Task(lightning.LightningModule):
    def __init__(self, width: int = 3, rate: float = 0.01, names: tuple = ("a", "b")):
        super().__init__()
        self.save_hyperparameters()
        self.layer = torch.nn.Linear(width, 1)

    def training_step(self, batch, _):
        loss = self.layer(batch[0]).pow(2).mean()
        self.log("loss", loss)
        return loss

    def configure_optimizers(self):
        optimizer = torch.optim.Adam(self.parameters(), lr=self.hparams.rate)
        return {"optimizer": optimizer, "lr_scheduler": torch.optim.lr_scheduler.StepLR(optimizer, 1)}


def trainers(folder):
    warnings.filterwarnings("ignore")
    choices = {
        "plain": [],
        "checkpoint": [callbacks.ModelCheckpoint(dirpath=folder, monitor="loss", save_top_k=1)],
        "stopping": [callbacks.EarlyStopping("loss")],
        "averaging": [callbacks.StochasticWeightAveraging(swa_lrs=0.01)],
        "timer": [callbacks.Timer("00:01:00:00")],
        "accumulation": [callbacks.GradientAccumulationScheduler({0: 1})],
    }
    for name, chosen in choices.items():
        task = Task()
        trainer = lightning.Trainer(
            max_epochs=2,
            accelerator="cpu",
            logger=False,
            callbacks=chosen,
            enable_checkpointing=name == "checkpoint",
            enable_progress_bar=False,
            enable_model_summary=False,
            default_root_dir=folder,
        )
        data = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(torch.rand(8, 3)), batch_size=4)
        trainer.fit(task, data)
        yield name, trainer
