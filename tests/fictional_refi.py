"""Fictional REFI-QDA projects, each shaped as one program writes them. Nobody said any of this."""

import io
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5
from xml.sax.saxutils import quoteattr

import docx

from embauche.collect.refi_model import Convention
from embauche.collect.refi_positions import Ruler, raw_text

NADIA = """Enquêtrice : Qu'est-ce qui vous a poussée à chercher autre chose ?

Nadia : Le jour où j'ai perdu mon carnet 📓 dans la camionnette, j'ai dû tout redemander aux équipes.
Je cherche à retrouver un relevé devant le client sans fouiller 🔎🔎.

Enquêtrice : Et qu'est-ce qui ne convient toujours pas ?

Nadia : C'est insupportable 😤, je perds dix minutes à chaque fois pour retrouver une note.
J'ai peur que ça tombe en panne au mauvais moment. Je veux avoir l'air sérieuse devant mes clients.
"""
TOM = """Interviewer: What made you decide that day?

Tom: My daughter asked me 🙂 where the recipe was, and I had no idea.
I want to find any recipe while my hands are full of flour.

Interviewer: What still bothers you?

Tom: It forgets my lists every week 🙄 and that drives me mad!
Before that I kept everything in a shoe box. I have always done it so.
"""
CODED = {
    "Nadia": (
        ("déclencheur", "Le jour où j'ai perdu mon carnet 📓 dans la camionnette"),
        (
            "job fonctionnel",
            "Je cherche à retrouver un relevé devant le client sans fouiller 🔎🔎.",
        ),
        ("frustration", "C'est insupportable 😤"),
        ("frustration", "je perds dix minutes à chaque fois pour retrouver une note."),
        ("inquiétude", "J'ai peur que ça tombe en panne au mauvais moment."),
        ("job émotionnel social", "Je veux avoir l'air sérieuse devant mes clients."),
        ("À relire", "carnet"),
    ),
    "Tom": (
        ("déclencheur", "My daughter asked me 🙂 where the recipe was, and I had no idea."),
        ("job fonctionnel", "I want to find any recipe while my hands are full of flour."),
        ("frustration", "It forgets my lists every week 🙄 and that drives me mad!"),
        ("alternative", "Before that I kept everything in a shoe box."),
        ("habitude", "I have always done it so."),
        ("À relire", "shoe box"),
    ),
}
TEXTS = {"Nadia": NADIA, "Tom": TOM}
CODES = (
    "déclencheur",
    "job fonctionnel",
    "job émotionnel social",
    "frustration",
    "inquiétude",
    "alternative",
    "habitude",
    "À relire",
)


@dataclass(frozen=True)
class Program:
    """How one program writes a project."""

    origin: str
    convention: Convention
    line_break: str = "\n"
    encoding: str = "utf-8"
    folder: str = "sources"
    scheme: str = "internal://"
    word_files: bool = False
    named: bool = False
    upper: bool = False
    braces: bool = False
    namespace: str = "urn:QDA-XML:project:1.0"
    extra: str = ""


_EXTRA = """
<Variables><Variable guid="{v}" name="Âge" typeOfVariable="Integer"/></Variables>
<Cases><Case guid="{c}" name="Nadia"><VariableValue><VariableRef targetGUID="{v}"/>
<IntegerValue>41</IntegerValue></VariableValue><SourceRef targetGUID="{s}"/></Case></Cases>
""".replace("\n", "")

PROGRAMS = {
    "nvivo-windows": Program(
        "NVivo for Windows 12.6",
        Convention("utf16", "two"),
        line_break="\r\n",
        encoding="utf-8-sig",
        folder="Sources",
        word_files=True,
        extra=_EXTRA,
    ),
    "nvivo-utf16": Program(
        "NVivo for Windows 14.23",
        Convention("utf16", "two"),
        line_break="\r\n",
        encoding="utf-16",
        folder="Sources",
        word_files=True,
    ),
    "nvivo-mac": Program("NVivo for Mac 15.0.0", Convention("utf16", "one"), word_files=True),
    "maxqda": Program(
        "MAXQDA 2022 (Release 22.4.0)",
        Convention("utf16", "two"),
        line_break="\r\n",
        word_files=True,
        named=True,
        upper=True,
    ),
    "maxqda-24": Program(
        "MAXQDA 24 (Release 24.7.0)", Convention("code_points", "one"), line_break="\r\n"
    ),
    "atlas": Program(
        "ATLAS.ti for Windows 23.2.3.27778",
        Convention("utf16", "one"),
        line_break="\r\n",
        encoding="utf-8-sig",
        upper=True,
    ),
    "qualcoder": Program(
        "QualCoder 3.6", Convention("code_points", "one"), encoding="utf-8-sig", named=True
    ),
    "qc": Program("qc 1.3.2", Convention("code_points", "one"), scheme=""),
    "transana": Program(
        "Transana 3.22b2-QDE-Win",
        Convention("code_points", "as_written"),
        braces=True,
        namespace="urn:QDA-XML:project:0:10",
    ),
    "to-the-letter": Program(
        "A program that reads the standard to the letter",
        Convention("code_points", "one", inclusive=True),
    ),
    "counts-the-mark": Program(
        "A program that counts the byte order mark",
        Convention("code_points", "one", mark=True),
        encoding="utf-8-sig",
    ),
    "counts-from-one": Program(
        "A program that counts from one", Convention("utf16", "two", first=1, inclusive=True)
    ),
    "bytes": Program("A program that counts bytes", Convention("utf8", "one")),
}


def guid(name: str, program: Program) -> str:
    """Return a GUID as the program writes them."""
    made = str(uuid5(NAMESPACE_URL, f"fictional:{name}"))
    made = made.upper() if program.upper else made
    return f"{{{made}}}" if program.braces else made


def write_project(path: Path, program: Program) -> Path:
    """Write the fictional project as a program would."""
    files: dict[str, bytes] = {}
    sources = []
    for name, text in TEXTS.items():
        key = guid(f"text {name}", program).strip("{}")
        files[f"{program.folder}/{key}.txt"] = text.replace("\n", program.line_break).encode(
            program.encoding
        )
        rich = ""
        if program.word_files:
            files[f"{program.folder}/{key}.docx"] = word_file(text)
            rich = f' richTextPath="{program.scheme}{key}.docx"'
        sources.append(
            f'<TextSource guid="{guid(f"source {name}", program)}" name="{name}"{rich}'
            f' plainTextPath="{program.scheme}{key}.txt"'
            f' creatingUser="{guid("Camille", program)}">'
            + "".join(_selections(name, text, program))
            + f'<NoteRef targetGUID="{guid("memo", program)}"/></TextSource>'
        )
    codes = "".join(
        f'<Code guid="{guid(f"code {code}", program)}" name={quoteattr(code)} isCodable="true"'
        f' color="#46AA00"><Description>Fictif &amp; inventé</Description></Code>'
        for code in CODES
    )
    extra = program.extra.format(
        v=guid("variable", program), c=guid("case", program), s=guid("source Nadia", program)
    )
    head, tail = (extra.split("</Cases>")[0] + "</Cases>", "") if extra else ("", "")
    xml = (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        f'<Project xmlns="{program.namespace}" name="Projet fictif" origin={quoteattr(program.origin)}'
        ' creationDateTime="2025-03-04T10:00:00Z">'
        f'<Users><User guid="{guid("Camille", program)}" name="Camille"/>'
        f'<User guid="{guid("Sacha", program)}" name="Sacha" id="S"/></Users>'
        f"<CodeBook><Codes>{codes}</Codes></CodeBook>{head}"
        f"<Sources>{''.join(sources)}"
        f'<PictureSource guid="{guid("picture", program)}" name="photo"'
        f' path="{program.scheme}photo.png"><PictureSelection guid="{guid("area", program)}"'
        ' firstX="1" firstY="2" secondX="30" secondY="40"/></PictureSource>'
        f'<AudioSource guid="{guid("audio", program)}" name="bande" path="relative:///bande.m4a"/>'
        "</Sources>"
        f'<Notes><Note guid="{guid("memo", program)}" name="Mémo"><PlainTextContent>Tout ceci'
        " est fictif.</PlainTextContent></Note></Notes>"
        f'<Links><Link guid="{guid("link", program)}" name="va avec" direction="OneWay"'
        f' originGUID="{guid("code frustration", program)}"'
        f' targetGUID="{guid("code inquiétude", program)}"/></Links>'
        f'<Sets><Set guid="{guid("set", program)}" name="Les maux">'
        f'<MemberCode targetGUID="{guid("code frustration", program)}"/>'
        f'<MemberSource targetGUID="{guid("source Nadia", program)}"/></Set></Sets>'
        f'<Graphs><Graph guid="{guid("graph", program)}" name="Carte"><Vertex'
        f' guid="{guid("vertex", program)}" firstX="1" firstY="1"/></Graph></Graphs>'
        f"<Description>Projet fictif{tail}</Description></Project>"
    )
    files[f"{program.folder}/photo.png"] = b"\x89PNG fictional"
    return write_zip(path, {"project.qde": xml.encode(), **files})


def _selections(name: str, text: str, program: Program) -> Iterable[str]:
    ruler = Ruler(raw_text(text.replace("\n", program.line_break)), program.convention)
    for number, (code, words) in enumerate(CODED[name]):
        at = text.index(words)
        start, end = ruler.from_text(at, at + len(words))
        coder = "Sacha" if number % 3 == 2 else "Camille"
        label = f" name={quoteattr(words)}" if program.named else ' name=""'
        key = f"{name} {number}"
        yield (
            f'<PlainTextSelection guid="{guid(f"selection {key}", program)}"{label}'
            f' startPosition="{start}" endPosition="{end}"'
            f' creatingUser="{guid(coder, program)}" creationDateTime="2025-03-05T09:30:00Z">'
            f'<Coding guid="{guid(f"coding {key}", program)}" creatingUser="{guid(coder, program)}"'
            f' creationDateTime="2025-03-05T09:30:00Z">'
            f'<CodeRef targetGUID="{guid(f"code {code}", program)}"/></Coding></PlainTextSelection>'
        )


def word_file(text: str) -> bytes:
    """Return a Word file of a text."""
    document = docx.Document()
    for line in text.split("\n"):
        document.add_paragraph(line)
    kept = io.BytesIO()
    document.save(kept)
    return kept.getvalue()


def write_zip(path: Path, files: dict[str, bytes]) -> Path:
    """Write an archive."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


def bare_project(
    text: str,
    pairs: Iterable[tuple[int, int]],
    *,
    origin: str = "",
    stored: bytes | None = None,
) -> dict[str, bytes]:
    """Return the files of a project with one text and selections at the positions given."""
    selections = "".join(
        f'<PlainTextSelection guid="{uuid5(NAMESPACE_URL, f"s{n}")}" startPosition="{start}"'
        f' endPosition="{end}"/>'
        for n, (start, end) in enumerate(pairs)
    )
    xml = (
        f'<Project xmlns="urn:QDA-XML:project:1.0" name="fictif" origin={quoteattr(origin)}>'
        f'<Sources><TextSource guid="{uuid5(NAMESPACE_URL, "t")}" plainTextPath="internal://t.txt">'
        f"{selections}</TextSource></Sources></Project>"
    )
    return {"project.qde": xml.encode(), "sources/t.txt": stored or text.encode()}


TAGUETTE = (
    '<?xml version="1.0" encoding="utf-8"?>\n<CodeBook xmlns="urn:QDA-XML:codebook:1.0"'
    ' origin="Taguette 1.4.1"><Codes>'
    '<Code guid="0D62985D-B147-5D01-A9B5-CAE5DCD98342" name="frustration" isCodable="true"/>'
    '<Code guid="DFE5C38E-9449-5959-A1F7-E3D895CFA87F" name="people" isCodable="true"/>'
    "</Codes><Sets/></CodeBook>"
)
"""A fictional codebook as Taguette writes them."""
