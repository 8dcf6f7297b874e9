"""`python -m publish.boards` writes every board in both languages; `make docs` calls it."""

from pathlib import Path

from devices import language
from publish.boards import geraete, luft, parken, pipeline, stadt, verkehr
from publish.boards.board import text

FOLDER = Path(__file__).resolve().parents[2] / "grafana" / "boards"
BOARDS = (stadt, luft, parken, verkehr, geraete, pipeline)
LANGUAGES: tuple[language.Language, ...] = ("de", "en")


def main() -> None:
    """Write the files; what else lies in the folders stays."""
    for path, content in documents().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")


def documents() -> dict[Path, str]:
    """Each file with what it is to hold."""
    before = language.current()
    files = {}
    try:
        for one in LANGUAGES:
            language.use(one)
            for module in BOARDS:
                board = module.build()
                files[FOLDER / one / f"{board.name}.json"] = text(board)
    finally:
        language.use(before)
    return files


if __name__ == "__main__":
    main()
