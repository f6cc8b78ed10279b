"""Putting the widget together for the wire: few files, without what only readers need.

The modules in `widget/` are plain ES modules. Fetched one by one they would cost a round trip each
and compress worse, so an entry and what only it imports are laid into one file. The entries are
the panel and whatever is fetched later (`import("./menu.js")`); a file imports from another entry's
file what the two share.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from rcssmin import cssmin
from rjsmin import jsmin

FOLDER = Path(__file__).resolve().parent.parent.parent / "widget"
LOADER, PANEL, TALK = "loader.js", "widget.js", "talk.js"
IMPORT = re.compile(
    r'^import (?:\w+|\{(?P<names>[^}]*)\}) from "\./(?P<path>[^"]+)";\n', re.MULTILINE
)
LATER = re.compile(r'\bimport\("\./([^"]+)"\)')
DECLARED = re.compile(r"^(export )?(?:async )?(?:function|const|let|class) (\w+)", re.MULTILINE)
# Types are imported in comments, in the same words as what is fetched later.
REMARK = re.compile(r"/\*\*.*?\*/", re.DOTALL)
EXPORT = re.compile(r"^export (?!default)", re.MULTILINE)


@dataclass
class File:
    """What is served as one: the modules in it, and what it takes from which other file."""

    modules: list[str] = field(default_factory=list)
    takes: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))


def bundle(folder: Path = FOLDER) -> dict[str, str]:
    """Every file that a visitor may fetch, by the name under which it is served."""
    sources = {
        path.relative_to(folder).as_posix(): _source(path)
        for kind in ("*.js", "*.css")
        for path in folder.rglob(kind)
    }
    files = _files(sources)
    texts = {name: jsmin(_text(name, files, sources)) for name in files}
    style = json.dumps(cssmin((folder / "loader.css").read_text(encoding="utf-8")))
    return _addressed(jsmin(sources[LOADER].replace('"loader.css"', style)), texts)


def _source(path: Path) -> str:
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".css":
        return REMARK.sub("", text)
    return f"const {path.stem}Style = {json.dumps(cssmin(text), ensure_ascii=False)};\n"


def _files(sources: dict[str, str]) -> dict[str, File]:
    """The panel and the talk first: every other file is fetched after them and takes from them."""
    entries = [PANEL, TALK]
    for name, text in sources.items():
        entries += [one for one in LATER.findall(text) if one not in entries and name != LOADER]
    files = {PANEL: File()}
    for entry in entries:
        file = files.setdefault(entry, File())
        elsewhere = {name: name for name in entries if name != entry}
        for common in (TALK, PANEL):
            if common != entry and common in files:
                elsewhere |= dict.fromkeys(files[common].modules, common)
        _gather(entry, file, elsewhere, sources)
    return files


def _gather(name: str, file: File, elsewhere: dict[str, str], sources: dict[str, str]) -> None:
    """Lay a module into the file, after those that it needs."""
    for found in IMPORT.finditer(sources[name]):
        needed = found["path"]
        if needed in elsewhere:
            names = (found["names"] or "").split(",")
            file.takes[elsewhere[needed]] |= {one.strip() for one in names if one.strip()}
        elif needed not in file.modules:
            _gather(needed, file, elsewhere, sources)
    if name not in file.modules:
        file.modules.append(name)


def _text(entry: str, files: dict[str, File], sources: dict[str, str]) -> str:
    """One scope, in which no name may stand for two things."""
    file = files[entry]
    offered = {name for is_out, name in DECLARED.findall(sources[entry]) if is_out}
    offered |= {one for other in files.values() for one in other.takes.get(entry, ())}
    declared = [name for each in file.modules for _, name in DECLARED.findall(sources[each])]
    declared += [name for names in file.takes.values() for name in names]
    twice = sorted({name for name in declared if declared.count(name) > 1})
    if twice:
        raise ValueError(f"In {entry} these are declared more than once: {', '.join(twice)}")
    taken = [
        f'import{{{",".join(sorted(names))}}}from"./{other}";'
        for other, names in file.takes.items()
        if names
    ]
    bodies = [EXPORT.sub("", IMPORT.sub("", sources[each])) for each in file.modules]
    given = [f"export{{{','.join(sorted(offered))}}};"] if offered else []
    return "\n".join([*taken, *bodies, *given])


def _addressed(loader: str, texts: dict[str, str]) -> dict[str, str]:
    """Names that change with the content, in the files and of the files.

    One digest for all: they name each other, and none can contain a digest of itself.
    """
    digest = hashlib.sha256("".join([loader, *texts.values()]).encode()).hexdigest()[:10]
    served = {name: f"{name.removesuffix('.js').replace('/', '-')}.{digest}.js" for name in texts}

    def addressed(text: str) -> str:
        for name, address in served.items():
            text = text.replace(f'"./{name}"', f'"./{address}"')
        return text

    files = {served[name]: addressed(text) for name, text in texts.items()}
    return {LOADER: loader.replace(f'"{PANEL}"', f'"{served[PANEL]}"'), **files}
