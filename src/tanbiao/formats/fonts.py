"""Where the fonts of papers and labels are: Noto Sans SC, an npm package fetched at set-up."""

from __future__ import annotations

import os
from pathlib import Path

from tanbiao.words import TanbiaoError, Text

FAMILY = "Noto Sans SC"
_PACKAGE = Path(__file__).resolve().parents[3] / "node_modules/@expo-google-fonts/noto-sans-sc"


def font_folder() -> Path:
    """The folder holding Noto Sans SC: TANBIAO_FONTS, else the package fetched by `make setup`.

    Raises TanbiaoError where it is missing: Chinese text would be printed as empty boxes.
    """
    folder = Path(os.environ.get("TANBIAO_FONTS") or _PACKAGE)
    if not any(folder.rglob("*.[ot]tf")):
        raise TanbiaoError(
            Text(
                f"文件夹 {folder} 中没有中文字体 {FAMILY}。请先运行 make setup，或用环境变量 TANBIAO_FONTS 指定字体文件夹。",
                f"no fonts of {FAMILY} in {folder}. Run make setup, or name their folder in TANBIAO_FONTS.",
            )
        )
    return folder
