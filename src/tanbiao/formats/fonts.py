"""The font of papers: Noto Sans SC, static weights Regular and Bold, installed by `make setup`."""

from __future__ import annotations

from pathlib import Path

from tanbiao.words import TanbiaoError, Text

FAMILY = "Noto Sans SC"
PACKAGE = "node_modules/@expo-google-fonts/noto-sans-sc"
WEIGHTS = ("400Regular/NotoSansSC_400Regular.ttf", "700Bold/NotoSansSC_700Bold.ttf")


class NoFont(TanbiaoError):
    """The font is not installed."""

    def __init__(self) -> None:
        super().__init__(
            Text(
                f"没有找到字体 {FAMILY}（{PACKAGE}）。请在项目目录运行 make setup。",
                f"The font {FAMILY} was not found ({PACKAGE}). Run `make setup` in the project folder.",
            )
        )


def font_folder() -> Path:
    """The folder that holds the font (a typesetter looks in its subfolders), in the checkout or the working directory.

    Raises NoFont, which says how to install it.
    """
    for root in (*Path(__file__).resolve().parents, Path.cwd()):
        folder = root / PACKAGE
        if all((folder / weight).is_file() for weight in WEIGHTS):
            return folder
    raise NoFont
