"""From the archive that Chalice makes to the one that goes to AWS: a third of the size, and compiled.

Lambda cannot keep what Python makes of a module, so without this it would be made anew at every cold start. And most of
what botocore and babel bring describes services that nobody here calls and languages that nobody here reads. What is
left out by mistake is missed by the emulator too, since the same package runs there.
"""

import compileall
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path
from py_compile import PycInvalidationMode
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import yaml

from chalicelib.insight.cost import idle
from chalicelib.pages.frame.templates import COMPILED, environment

ROOT = Path(__file__).resolve().parents[2]
SERVICES = ("ce", "cloudwatch", "cognito-idp", "dynamodb", "lambda", "logs", "s3", "scheduler", "sesv2", "sqs")
LANGUAGES = ("en", "fr", "nl", "root")
COUNTRIES = ("belgium.py", "netherlands.py")  # whose public holidays we look up
UNPACKED_AT = "/var/task"  # where Lambda has it; what an error's trace names


def finish(archive: Path, template: Path) -> None:
    """Puts ours in the place of Chalice's. The same code makes the same archive, to the byte. Raises
    idle.TemplateUnknown for a template of which nobody knows what it costs."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        with ZipFile(archive) as made:
            made.extractall(folder, [name for name in made.namelist() if is_used(name)])
        compile_templates(folder / COMPILED.relative_to(ROOT))
        # The idle cost of this very template, for the page that shows it.
        walked = idle.walk(yaml.safe_load(template.read_text(encoding="utf-8")))
        (folder / idle.FILE.relative_to(ROOT)).write_text(idle.written(walked), encoding="utf-8")
        pack(folder, archive)


def pack(folder: Path, archive: Path) -> None:
    """Compiles what is in the folder, and puts it into the archive."""
    compileall.compile_dir(
        folder,
        quiet=2,
        workers=0,
        stripdir=str(folder),
        prependdir=UNPACKED_AT,
        invalidation_mode=PycInvalidationMode.UNCHECKED_HASH,
    )
    with ZipFile(archive, "w") as ours:
        for file in _files(folder):
            entry = ZipInfo(str(file.relative_to(folder)))  # dated 1980
            entry.external_attr = (stat.S_IFREG | 0o644) << 16
            ours.writestr(entry, file.read_bytes(), ZIP_DEFLATED)


def compile_templates(target: Path) -> None:
    """The pages' templates as Python, whatever the language: texts are looked up when a page is shown."""
    environment(LANGUAGES[0]).compile_templates(str(target), extensions=["html", "j2"], zip=None, ignore_errors=False)


def is_used(name: str) -> bool:
    """Whether the file of this name in Chalice's archive can be of use to one of the functions."""
    parts = name.split("/")
    if "__pycache__" in parts or "tests" in parts:
        return False
    match parts:
        case ["botocore", "data", service, _, *_]:
            return service in SERVICES
        case ["babel", "locale-data", file]:
            return file.split(".")[0].split("_")[0] in LANGUAGES
        # Blocks of 256 characters: the alphabets, not the signs of Chinese, Korean or Egyptian.
        case ["anyascii", "_data", block]:
            return block < "030" or block == "__init__.py"
        # Their `__init__.py` too stay behind: all they do is import every country, and Python does without.
        case ["holidays", "countries" | "financial", file]:
            return file in COUNTRIES
        case ["holidays", "locale", language, "LC_MESSAGES", file]:
            return file in ("BE.mo", "NL.mo") and language.split("_")[0] in LANGUAGES
    return True


def _files(folder: Path) -> Iterator[Path]:
    return (file for file in sorted(folder.rglob("*")) if file.is_file())
