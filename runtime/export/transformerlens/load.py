"""Opens the checkpoint beside this file in TransformerLens 2.x to 4.x.

    import runpy
    model = runpy.run_path("FOLDER/load.py")["model"]

model is a TransformerBridge (4.x) or a HookedTransformer (2.x, 3.x), float32, on the CPU.
"""
import json
import pathlib

import transformer_lens
from safetensors.torch import load_file

folder = pathlib.Path(__file__).resolve().parent
config = json.loads((folder / "config.json").read_text())
weights = load_file(folder / "model.safetensors")


def tokenizer():
    from transformers import AutoTokenizer

    return AutoTokenizer.from_pretrained(folder)


if hasattr(transformer_lens, "TransformerBridge") and hasattr(transformer_lens.TransformerBridge, "boot_native"):
    from transformer_lens import TransformerBridge, TransformerBridgeConfig
    from transformer_lens.utilities.tl_checkpoint_conversion import convert_tl_checkpoint

    cfg = TransformerBridgeConfig(**config, init_weights=False, device="cpu")
    model = TransformerBridge.boot_native(cfg, tokenizer=tokenizer())
    model.load_state_dict(convert_tl_checkpoint(weights, cfg), strict=True)
else:
    cfg = transformer_lens.HookedTransformerConfig.from_dict({**config, "init_weights": False, "device": "cpu"})
    model = transformer_lens.HookedTransformer(cfg, tokenizer=tokenizer())
    missing, unexpected = model.load_state_dict(weights, strict=False)
    # What a HookedTransformer has beside the weights are constants: masks, and what masked scores are.
    assert not unexpected and all(name.endswith((".mask", ".IGNORE")) for name in missing), (missing, unexpected)
model.eval()
