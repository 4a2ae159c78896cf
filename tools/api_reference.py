"""Write the table of operations into docs/reference/api.md, from the API's own description.

    python tools/api_reference.py

A test says when the table is out of date.
"""

import tempfile
from pathlib import Path

_PAGE = Path(__file__).resolve().parents[1] / "docs" / "reference" / "api.md"
BEGIN, END = "<!-- operations: begin -->", "<!-- operations: end -->"


def table() -> str:
    """Return the operations, a chapter a table; Django must be set up."""
    from embauche.messages import messages
    from embauche.workbench.api.reference import chapters

    words = messages("en")
    parts = []
    for chapter in chapters("en"):
        parts.append(f"### {words.text(f'api.chapter.{chapter.name}')}\n")
        parts.append("| operation | scope | what it does | takes |\n|---|---|---|---|")
        for entry in chapter.entries:
            values = [item for item in entry.values if item.place != "path"]
            takes = ", ".join(
                f"**`{item.name}`**" if item.needed else f"`{item.name}`" for item in values
            )
            path = entry.path.replace("{", "<").replace("}", ">")
            parts.append(
                f"| `{entry.method} /{path}` | `{entry.scope}` | {entry.summary} | {takes or '—'} |"
            )
        parts.append("")
    return "\n".join(parts)


def with_table(text: str) -> str:
    """Return a page with its table as it should be."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{table()}\n{END}{after}"


def main() -> None:
    """Write the table."""
    from embauche.workbench.configure import use_workspace

    with tempfile.TemporaryDirectory() as folder:
        use_workspace(Path(folder))
        text = with_table(_PAGE.read_text(encoding="utf-8"))
    _PAGE.write_text(text, encoding="utf-8")
    print(f"{_PAGE.name} written")


if __name__ == "__main__":
    main()
