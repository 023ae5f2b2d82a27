"""Pictures, which notebooks show."""

from __future__ import annotations

from pathlib import Path
from typing import Optional, Union


class Picture:
    """A picture as SVG or as an HTML page. Notebooks show it; ``save`` writes it."""

    def __init__(self, content: str, kind: str) -> None:
        self.content = content
        self.kind = kind  # "svg" or "html"

    def save(self, path: Union[str, Path]) -> None:
        """Writes the picture; the ending of the name should be its kind."""
        Path(path).write_text(self.content, encoding="utf-8")

    def _repr_svg_(self) -> Optional[str]:
        return self.content if self.kind == "svg" else None

    def _repr_html_(self) -> Optional[str]:
        if self.kind != "html":
            return None
        import html

        framed = html.escape(self.content, quote=True)  # a page of its own: its scripts and styles stay inside
        return f'<iframe srcdoc="{framed}" width="100%" height="600" style="border:0"></iframe>'

    def __repr__(self) -> str:
        return f"<{self.kind} picture, {len(self.content)} characters>"
