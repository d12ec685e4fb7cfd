"""transformers: training arguments in each flavour and tiny models saved as safetensors and as .bin."""

import os

os.environ.update(HF_HUB_OFFLINE="1", TRANSFORMERS_OFFLINE="1", TRANSFORMERS_VERBOSITY="error")

import torch
import transformers

from .saving import Folder

SMALL = {"hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 32, "vocab_size": 64}
KINDS = {
    "bert": ("BertConfig", "BertForSequenceClassification", SMALL),
    "bert_masked": ("BertConfig", "BertForMaskedLM", SMALL),
    "roberta": ("RobertaConfig", "RobertaForTokenClassification", SMALL),
    "distilbert": ("DistilBertConfig", "DistilBertModel", {"dim": 16, "n_layers": 2, "n_heads": 2, "hidden_dim": 32, "vocab_size": 64}),
    "gpt2": ("GPT2Config", "GPT2LMHeadModel", {"n_embd": 16, "n_layer": 2, "n_head": 2, "vocab_size": 64, "n_positions": 32}),
    "llama": ("LlamaConfig", "LlamaForCausalLM", SMALL | {"num_key_value_heads": 2}),
    "mistral": ("MistralConfig", "MistralForCausalLM", SMALL | {"num_key_value_heads": 2}),
    "qwen2": ("Qwen2Config", "Qwen2ForCausalLM", SMALL | {"num_key_value_heads": 2}),
    "t5": ("T5Config", "T5ForConditionalGeneration", {"d_model": 16, "d_ff": 32, "num_layers": 2, "num_heads": 2, "d_kv": 8, "vocab_size": 64}),
    "vit": ("ViTConfig", "ViTForImageClassification", {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 32, "image_size": 16, "patch_size": 8}),
    "whisper": ("WhisperConfig", "WhisperForConditionalGeneration", {"d_model": 16, "encoder_layers": 1, "decoder_layers": 1, "encoder_attention_heads": 2, "decoder_attention_heads": 2, "vocab_size": 64, "pad_token_id": 0, "bos_token_id": 1, "eos_token_id": 2, "decoder_start_token_id": 1, "max_source_positions": 16, "max_target_positions": 16}),
}


def arguments(folder):
    common = {"output_dir": "out", "report_to": "none", "use_cpu": True}
    kinds = {
        "usual": {},
        "cosine": {"lr_scheduler_type": "cosine", "warmup_steps": 10, "learning_rate": 3e-4},
        "evaluated": {"eval_strategy": "epoch", "save_strategy": "epoch", "load_best_model_at_end": True, "metric_for_best_model": "loss"},
        "pushed": {"push_to_hub": False, "hub_strategy": "every_save", "logging_strategy": "steps"},
        "optimised": {"optim": "adafactor", "gradient_checkpointing": True, "label_smoothing_factor": 0.1},
        "sharded": {"fsdp_config": {"min_num_params": 10}, "seed": 7, "data_seed": 7},
        "accelerated": {"accelerator_config": {"split_batches": True}, "dataloader_num_workers": 2},
    }
    for name, more in kinds.items():
        for kind in ("TrainingArguments", "Seq2SeqTrainingArguments"):
            value = getattr(transformers, kind)(**common, **more)
            file = f"{kind}.{name}"
            folder.save(f"{file}.bin", lambda path: torch.save(value, path))
            folder.save(f"{file}.legacy.bin", lambda path: torch.save(value, path, _use_new_zipfile_serialization=False))
            folder.pickles(file, value, (2, 4))


def write(folder: Folder):
    torch.manual_seed(7)
    transformers.logging.set_verbosity_error()
    arguments(folder.sub("arguments"))
    inner = folder.sub("models")
    for name, (config, kind, small) in KINDS.items():
        model = getattr(transformers, kind)(getattr(transformers, config)(**small))
        inner.save(name, lambda path: model.save_pretrained(path))
        inner.save(f"{name}.bin", lambda path: torch.save(model.state_dict(), path))
        inner.save(f"{name}.legacy.bin", lambda path: torch.save(model.state_dict(), path, _use_new_zipfile_serialization=False))
        inner.save(f"{name}.whole.pt", lambda path: torch.save(model, path))
        inner.save(f"{name}.sharded", lambda path: model.save_pretrained(path, max_shard_size="20KB"))
    values = folder.sub("values")
    for name, value in loose_values():
        values.save(f"{name}.pt", lambda path: torch.save(value, path))
        values.pickles(name, value, (2, 4))


def loose_values():
    yield "encoding", transformers.BatchEncoding({"input_ids": torch.tensor([[1, 2]]), "attention_mask": torch.tensor([[1, 1]])})
    yield "added_token", transformers.AddedToken("<pad>", special=True)
    yield "config", transformers.BertConfig(**SMALL)
    yield "generation_config", transformers.GenerationConfig(max_new_tokens=3)
    yield "trainer_state", vars(transformers.TrainerState(epoch=1.0, global_step=3))
    tokenizers = __import__("tokenizers")
    tokenizer = tokenizers.Tokenizer(tokenizers.models.WordLevel({"[UNK]": 0, "eval": 1, "os.system": 2}, unk_token="[UNK]"))
    yield "tokenizer", tokenizer
    yield "fast_tokenizer", transformers.PreTrainedTokenizerFast(tokenizer_object=tokenizer, unk_token="[UNK]")
    weights = torch.nn.Linear(2, 2).parameters()
    optimiser = torch.optim.SGD(weights, 0.1)
    yield "linear_schedule", transformers.get_linear_schedule_with_warmup(optimiser, 1, 2)
    yield "cosine_schedule", transformers.get_cosine_schedule_with_warmup(optimiser, 1, 2)
    yield "model_output", transformers.modeling_outputs.BaseModelOutput(last_hidden_state=torch.ones(1, 2))
    yield "cache", transformers.DynamicCache()
    yield "image_processor", transformers.ViTImageProcessor()
    yield "prediction", transformers.trainer_utils.PredictionOutput(torch.ones(1).numpy(), None, {"loss": 0.5})
    from accelerate.utils import FullyShardedDataParallelPlugin

    yield "sharding", FullyShardedDataParallelPlugin()
