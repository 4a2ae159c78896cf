"""REFI-QDA, the exchange format of programs for qualitative analysis: projects and codebooks.

`read_project` and `read_codebook` turn ``.qdpx`` and ``.qdc`` files into frozen records,
`write_project` and `write_codebook` turn the records into files; nothing that another program put
into a project is lost on the way. The standard is on https://www.qdasoftware.org (MIT licence).
"""

from embauche.collect.refi_model import (
    NVIVO,
    STANDARD,
    Convention,
    Kept,
    RefiCode,
    RefiCoding,
    RefiFile,
    RefiNote,
    RefiProject,
    RefiSelection,
    RefiSet,
    RefiSource,
    RefiSync,
    RefiText,
    RefiUser,
    guid_key,
)
from embauche.collect.refi_reader import read_codebook, read_project
from embauche.collect.refi_writer import write_codebook, write_project

__all__ = [
    "NVIVO",
    "STANDARD",
    "Convention",
    "Kept",
    "RefiCode",
    "RefiCoding",
    "RefiFile",
    "RefiNote",
    "RefiProject",
    "RefiSelection",
    "RefiSet",
    "RefiSource",
    "RefiSync",
    "RefiText",
    "RefiUser",
    "guid_key",
    "read_codebook",
    "read_project",
    "write_codebook",
    "write_project",
]
