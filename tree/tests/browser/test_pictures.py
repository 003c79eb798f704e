"""README's pictures are those that `make pictures` makes."""

import re

from infra.local.package import ROOT
from tests.browser.pictures import FOLDER, MOST_BYTES, PICTURES


def test_readme_shows_every_picture_and_no_other() -> None:
    shown = re.findall(r"\(docs/pictures/(\w+)\.png\)", (ROOT / "README.md").read_text(encoding="utf-8"))

    assert sorted(shown) == sorted(picture.name for picture in PICTURES)
    assert sorted(FOLDER.iterdir()) == sorted(FOLDER / f"{name}.png" for name in shown)
    assert all(file.stat().st_size < MOST_BYTES for file in FOLDER.iterdir())
