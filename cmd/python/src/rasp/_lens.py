"""Models in TransformerLens."""

from __future__ import annotations

import warnings
from typing import Any, Dict

from ._errors import RaspError
from ._weights import Arrays


def convert(config: Dict[str, Any], weights: Arrays) -> Any:
    """A TransformerBridge of TransformerLens 4, or a HookedTransformer of 2 or 3."""
    try:
        import torch
        import transformer_lens  # noqa: F401
    except ImportError as missing:
        raise RaspError(
            f"to_transformer_lens needs TransformerLens, which is not installed ({missing})",
            hint="pip install transformer-lens",
        ) from missing
    state = {name: torch.from_numpy(array.copy()) for name, array in weights.items()}
    try:
        from transformer_lens import HookedTransformer, HookedTransformerConfig
    except ImportError:  # 4.x
        return _bridge(config, state)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # 3.x says that 4.x will not have it
        model = HookedTransformer(HookedTransformerConfig.from_dict({**config, "device": "cpu"}))
    return _loaded(model, state)


def _loaded(model: Any, state: Dict[str, Any]) -> Any:
    missing, unexpected = model.load_state_dict(state, strict=False)
    masks = ("attn.mask", "attn.IGNORE")  # constants of its own
    wrong = [k for k in missing if not k.endswith(masks)] + list(unexpected)
    if wrong:
        raise RaspError(f"this version of TransformerLens names weights otherwise: {', '.join(wrong[:5])}")
    return model.eval()


def _bridge(config: Dict[str, Any], state: Dict[str, Any]) -> Any:
    """4.x divides scores by the root of d_head whatever ``use_attn_scale`` says, and takes 1 for
    no scale at all: 1 + 1e-8 is another number, and the same float32."""
    from transformer_lens.config import TransformerBridgeConfig
    from transformer_lens.model_bridge import TransformerBridge
    from transformer_lens.utilities.tl_checkpoint_conversion import convert_tl_checkpoint

    same = ("d_model", "d_head", "n_heads", "n_layers", "n_ctx", "d_mlp", "d_vocab", "d_vocab_out", "act_fn", "attention_dir")
    cfg = TransformerBridgeConfig(
        **{name: config[name] for name in same},
        normalization_type=None,
        positional_embedding_type="standard",
        attn_scale=1 + 1e-8,
        init_weights=False,
        default_prepend_bos=False,
    )
    bridge = TransformerBridge.boot_native(cfg)
    bridge.load_state_dict(convert_tl_checkpoint(state, cfg), strict=True)
    return bridge.eval()
