"""What happens in the demo's town: commands that are run, a photo that is taken, a grade that is forged."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from testamur.cli import run
from testamur.demo import shown_command
from testamur.errors import TestamurError

if TYPE_CHECKING:
    from PIL.Image import Image


class Town:
    """A folder with a school's home, an employer's trust file and the web between them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def run(self, *arguments: str) -> int:
        """Run one command of the school as if typed; returns its exit code, which must be 0."""
        return self._run(arguments, expect=0)

    def diploma(self, number: str) -> Path:
        """The PDF of the diploma of this number."""
        return next((self._folder / "diplomas").glob(f"{number}_*.pdf"))

    def verify(self, source: Path, *, expect: int) -> None:
        """Check a file as the employer does, and insist on the answer."""
        trust, mirror = f"{self._folder}/trusted.toml", f"{self._folder}/public"
        self._run(("verify", str(source), "--trust", trust, "--mirror", mirror), expect=expect)

    def _run(self, arguments: tuple[str, ...], *, expect: int) -> int:
        click.secho("\n" + shown_command(arguments), bold=True, err=True)
        home = () if arguments[0] in ("verify", "trust") else ("--home", f"{self._folder}/home")
        code = run([*home, *arguments])
        if code != expect:
            raise TestamurError(f"`testamur {arguments[0]}` ended with {code} where {expect} was expected")
        return code

    def photograph(self, number: str, target: Path) -> None:
        """A photo of the printed page: a raster of the PDF, turned, blurred and compressed."""
        from PIL import Image, ImageFilter

        page = _raster(self.diploma(number))
        desk = Image.new("RGB", (page.width + 400, page.height + 400), "#7d6a55")
        desk.paste(page, (200, 200))
        turned = desk.rotate(4, Image.Resampling.BICUBIC, fillcolor="#7d6a55")
        turned.filter(ImageFilter.GaussianBlur(1.1)).save(target, "JPEG", quality=55)

    def forge_grade(self, number: str, target: Path) -> None:
        """The signed record with a better grade than the one that was signed."""
        import pypdf

        attachments = pypdf.PdfReader(self.diploma(number)).attachments
        text = attachments["credential.json"][0].decode("utf-8")
        target.write_text(text.replace('"Distinction"', '"Distinction with highest honours"'), "utf-8")


def _raster(path: Path) -> Image:
    import pypdfium2

    document = pypdfium2.PdfDocument(path)
    try:
        image: Image = document[0].render(scale=200 / 72).to_pil().convert("RGB")
    finally:
        document.close()
    return image
