"""Turn a .doc or .wps into a .docx, where LibreOffice is installed.

It runs as a program apart, with a profile of its own in which no macro runs and nothing is fetched,
and reads the file as nothing but a document of Word 97.
"""

from __future__ import annotations

import shutil

from ..word_guard import COMPOUND_FILE, WordRefused
from .confined import ProgramFailed, confined

__all__ = ["as_docx", "office"]

SECONDS = 60
MEGABYTES = 4_000  # of addresses; of memory it takes a twentieth
LARGEST = 20_000_000
LARGEST_RESULT = 40_000_000

# By these names Word and WPS keep the text in their files, written in UTF-16.
STREAM = "WordDocument".encode("utf-16-le")
ENCRYPTED = tuple(
    name.encode("utf-16-le") for name in ("EncryptedPackage", "EncryptionInfo", "DRMEncrypted")
)

SAVE_AS = "请用Word或WPS打开它，选“文件→另存为”，文件类型选“Word文档（*.docx）”，再传一次"
PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">\
<prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop>\
<prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop>\
<prop oor:name="DisableActiveContent" oor:op="fuse"><value>true</value></prop>\
<prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update">\
<prop oor:name="Link" oor:op="fuse"><value>0</value></prop></item>
<item oor:path="/org.openoffice.Inet/Settings">\
<prop oor:name="ooInetProxyType" oor:op="fuse"><value>2</value></prop>\
<prop oor:name="ooInetHTTPProxyName" oor:op="fuse"><value>127.0.0.1</value></prop>\
<prop oor:name="ooInetHTTPProxyPort" oor:op="fuse"><value>9</value></prop>\
<prop oor:name="ooInetHTTPSProxyName" oor:op="fuse"><value>127.0.0.1</value></prop>\
<prop oor:name="ooInetHTTPSProxyPort" oor:op="fuse"><value>9</value></prop></item>
</oor:items>
"""


def office() -> str:
    """Return where LibreOffice is, or nothing."""
    return shutil.which("soffice") or shutil.which("libreoffice") or ""


def as_docx(data: bytes) -> bytes:
    """Return a .docx of a .doc or .wps, unread; what is a .docx by another name is as it was.

    Raises ``WordRefused``.
    """
    if data.startswith(b"PK\x03\x04"):
        return data
    if not data.startswith(COMPOUND_FILE):
        raise WordRefused(f"不是Word或WPS的文档：{SAVE_AS}")
    if any(name in data for name in ENCRYPTED):
        raise WordRefused("Word文档有密码：请去掉密码，另存为 .docx 再传")
    if STREAM not in data:
        raise WordRefused(f"这种旧格式读不了：{SAVE_AS}")
    if len(data) > LARGEST:
        raise WordRefused(f"文档太大，最多{LARGEST // 1_000_000}MB：{SAVE_AS}")
    program = office()
    if not program:
        raise WordRefused(f"这台服务器没有装LibreOffice，读不了旧的 .doc 和 .wps：{SAVE_AS}")
    return _converted(data, program)


def _converted(data: bytes, program: str) -> bytes:
    with confined() as room:
        profile = room.folder / "profile"
        (profile / "user").mkdir(parents=True)
        (profile / "user/registrymodifications.xcu").write_text(PROFILE, encoding="utf-8")
        (room.folder / "manuscript.doc").write_bytes(data)
        command = [
            program,
            f"-env:UserInstallation={profile.as_uri()}",
            *("--headless", "--norestore", "--nologo", "--nolockcheck", "--nodefault"),
            "--infilter=MS Word 97",
            *("--convert-to", "docx:MS Word 2007 XML"),
            *("--outdir", str(room.folder / "out")),
            str(room.folder / "manuscript.doc"),
        ]
        result = room.folder / "out/manuscript.docx"
        try:
            room.run(
                command,
                seconds=SECONDS,
                megabytes=MEGABYTES,
                megabytes_written=LARGEST_RESULT // 1_000_000,
            )
            if result.stat().st_size > LARGEST_RESULT:
                raise WordRefused(f"文档转换后太大：{SAVE_AS}")
            return result.read_bytes()
        except (ProgramFailed, OSError) as error:
            raise WordRefused(f"文档转换不了，可能已损坏或有密码：{SAVE_AS}") from error
