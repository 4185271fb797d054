"""What the public types, checked: nothing else reads it."""

from __future__ import annotations

import re
import secrets
from collections import Counter
from collections.abc import Sequence
from typing import Any

import phonenumbers
from django import forms
from django.core.files.uploadedfile import UploadedFile

from newsroom.cjk import INVISIBLE, clean_line, clean_text

from .intake import Submission, Upload
from .models import Genre, Kind
from .uploads import MOST_BYTES, MOST_BYTES_TOGETHER, MOST_FILES

MOST_CHARACTERS = 50_000
KEY_LENGTH = 32  # hexadecimal digits, 128 bits
MB = 1024 * 1024
CHINA = 86


KIND_ASKED = "请选择“我要投稿”还是“我有新闻线索”。"
OUT_OF_SIGHT: dict[str, dict[str, Any]] = {
    Kind.TIP: {
        "title": "",
        "genre": "",
        "unit": "",
        "signed_off": "",
        "signed_off_by": "",
        "keep_originals": False,
    },
    Kind.MANUSCRIPT: {"place": "", "occasion": ""},
}
# The parts of a number that a sender joins with hyphens: area, number, extension.
EXTENSION = re.compile(r"(\d{3,4}-\d{7,8})-(\d{1,6})")


class UncutField(forms.CharField):
    """Text whose length the server judges: browsers cut what is pasted, and say nothing."""

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Set no maxlength."""
        return {}


class LineField(UncutField):
    """One line of text without anything invisible in it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.error_messages["max_length"] = (
            "太长了，最多%(limit_value)d个字，现在是%(show_value)d个。"
        )

    def to_python(self, value: Any) -> str:
        return clean_line(super().to_python(value) or "")


class TextField(UncutField):
    """Text of any number of lines without anything invisible in it."""

    widget = forms.Textarea

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=MOST_CHARACTERS, **options)
        self.error_messages["max_length"] = (
            "正文太长了，最多%(limit_value)d个字，现在是%(show_value)d个。长文请存成Word文档作附件。"
        )

    def to_python(self, value: Any) -> str:
        return clean_text(super().to_python(value) or "").strip()


class FilesInput(forms.ClearableFileInput):
    """A file field that takes several."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files; what each is, ``uploads`` finds out when it is taken in."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        files: Sequence[UploadedFile] = data if isinstance(data, list | tuple) else [data]
        files = [file for file in files if file]
        if len(files) > MOST_FILES:
            raise forms.ValidationError(
                f"一次最多{MOST_FILES}个附件，您选了{len(files)}个，请去掉几个。"
            )
        sizes = {file: file.size or 0 for file in files}
        for file, size in sizes.items():
            if size > MOST_BYTES:
                raise forms.ValidationError(
                    f"“{clean_line(file.name)}”有{size / MB:.1f} MB，"
                    f"每个附件最多{MOST_BYTES // MB} MB。请压缩后再传，或分几次投稿。"
                )
        if sum(sizes.values()) > MOST_BYTES_TOGETHER:
            raise forms.ValidationError(
                f"附件加起来超过{MOST_BYTES_TOGETHER // MB} MB，请去掉几个，或分几次投稿。"
            )
        return list(files)


class KeyField(forms.CharField):
    """The form's own key, by which a submission that comes twice is known; made where missing."""

    widget = forms.HiddenInput

    def clean(self, value: Any) -> str:
        typed = str(value or "")
        return (
            typed if typed.isascii() and typed.isalnum() and len(typed) == KEY_LENGTH else new_key()
        )


def filled_in_as(what: str, widget: type[forms.TextInput] = forms.TextInput) -> forms.TextInput:
    """Return an input that the browser may fill in, and remember, for a manuscript only.

    The script turns that on (static/js/contribute.js): a tip leaves no name behind in a browser.
    """
    return widget(attrs={"autocomplete": "off", "data-autocomplete": what})


def new_key() -> str:
    """Return a key that no other form has."""
    return secrets.token_hex(KEY_LENGTH // 2)


class ContributionForm(forms.Form):
    """A tip or a manuscript."""

    key = KeyField(required=False)
    kind = forms.ChoiceField(
        label="您要发的是",
        choices=Kind.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": KIND_ASKED,
            "invalid_choice": KIND_ASKED,
        },
    )
    genre = forms.ChoiceField(
        label="体裁",
        choices=Genre.choices,
        widget=forms.RadioSelect,
        required=False,
        error_messages={"invalid_choice": "请从新闻、副刊、图片里选一种。"},
    )
    title = LineField(
        label="标题",
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    text = TextField(label="正文", required=False)
    place = LineField(
        label="在哪里",
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    occasion = LineField(
        label="什么时候",
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    name = LineField(label="真实姓名", max_length=50, required=False, widget=filled_in_as("name"))
    unit = LineField(
        label="单位", max_length=100, required=False, widget=filled_in_as("organization")
    )
    phone = LineField(
        label="联系电话",
        max_length=40,
        required=False,
        widget=filled_in_as("tel", forms.TelInput),
        help_text="手机，或带区号的座机；编辑核实时用，不会见报。",
    )
    email = forms.EmailField(
        label="邮箱",
        required=False,
        max_length=254,
        widget=filled_in_as("email", forms.EmailInput),
        help_text="留了邮箱，编辑部有留言、稿件有进展时会发邮件告诉您。",
        error_messages={"invalid": "邮箱的写法好像不对，请看看有没有漏字；不想留也可以空着。"},
    )
    signed_off = forms.ChoiceField(
        label="单位是否已签发",
        choices=[("yes", "已签发"), ("no", "未签发")],
        widget=forms.RadioSelect,
        required=False,
    )
    signed_off_by = LineField(
        label="签发人",
        max_length=50,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    files = FilesField(label="附件", required=False)
    keep_originals = forms.BooleanField(
        label="同时保留照片原图",
        required=False,
        help_text="原图印出来更清楚，但带着拍摄地点和手机型号；只有编辑能看到。",
    )

    def clean_phone(self) -> str:
        """Accept mobile, landline with area code, and 400 numbers; write them in one way."""
        typed = self.cleaned_data["phone"]
        return phone_number(typed) if typed else ""

    def clean(self) -> dict[str, Any]:
        """Ask of a manuscript what print needs, of a tip only that it says something."""
        super().clean()
        data = self.cleaned_data
        # Filled in before the other kind was chosen, and out of sight since: not meant to be sent.
        for name, nothing in OUT_OF_SIGHT.get(data.get("kind", ""), {}).items():
            self.errors.pop(name, None)
            data[name] = nothing
        match data.get("kind"):
            case Kind.TIP:
                self._require("text", "请写下发生了什么。")
            case Kind.MANUSCRIPT:
                self._require("title", "请给稿件写一个标题。")
                self._require("name", "请留下真实姓名：稿件要署名，编辑也要找得到您。")
                self._require("unit", "请写明您的单位。")
                self._require("phone", "请留下联系电话，编辑核实时要用；它不会见报。")
                if not (data.get("text") or data.get("files") or self.errors.get("files")):
                    self._require("text", "请把正文写在这里，或者在下面附上Word文档。")
                if data.get("signed_off") == "yes":
                    self._require("signed_off_by", "请写明是谁签发的。")
        return data

    def _require(self, name: str, message: str) -> None:
        if name not in self.errors and not self.cleaned_data.get(name):
            self.add_error(name, message)

    def submission(self) -> Submission:
        """Return what was sent; only of a valid form."""
        data = self.cleaned_data
        names = ("key", "kind", "genre", "title", "text", "place", "occasion", "name", "unit")
        return Submission(
            **{name: data[name] for name in names},
            phone=data["phone"],
            email=data["email"],
            signed_off=data["signed_off"] == "yes",
            signed_off_by=data["signed_off_by"],
            keep_originals=data["keep_originals"],
            uploads=uploads(data["files"]),
            hidden=self._hidden(),
        )

    def _hidden(self) -> str:
        """Tell the editors what the text held that nobody sees, and that it was left out."""
        typed = "".join(str(self.data.get(name, "")) for name in self.fields if name != "files")
        signs = Counter(INVISIBLE.findall(typed))
        if not signs:
            return ""
        named = "、".join(f"U+{ord(sign):04X}（{count}处）" for sign, count in signs.items())
        return (
            f"来稿里夹有看不见的字符，收下时已去掉：{named}。"
            "可能是从别处粘贴来的，也可能有人想让文字看上去不一样。"
        )


class LookUpForm(forms.Form):
    """The receipt code; any text will do, since a wrong one is answered like an unknown one."""

    code = forms.CharField(label="回执码", required=False)


class AnswerForm(forms.Form):
    """The sender's answer in the dialogue."""

    key = KeyField(required=False)
    text = TextField(label="给编辑部留言", required=False)
    files = FilesField(label="附件", required=False)

    def clean(self) -> dict[str, Any]:
        """Refuse an empty answer."""
        super().clean()
        data = self.cleaned_data
        if not self.errors and not data.get("text") and not data.get("files"):
            self.add_error("text", "请写几个字，或附上文件。")
        return data


def uploads(files: Sequence[UploadedFile]) -> tuple[Upload, ...]:
    """Return uploaded files as intake takes them."""
    return tuple(Upload(name=file.name or "", content=file.file) for file in files)


def phone_number(typed: str) -> str:
    """Return a Chinese telephone number as it is usually written.

    Raises ValidationError for what is none; an extension (转8001) is kept.
    """
    told = EXTENSION.sub(r"\1 x\2", typed.replace("转", " x").replace("分机", " x"))
    try:
        number = phonenumbers.parse(told, "CN")
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_valid_number(number):
        raise forms.ValidationError(
            "电话好像不对。手机写11位数字，座机写上区号，如 0571-87160990。"
        )
    extension, number.extension = number.extension, None
    formats = phonenumbers.PhoneNumberFormat
    written = phonenumbers.format_number(
        number, formats.NATIONAL if number.country_code == CHINA else formats.INTERNATIONAL
    )
    return f"{written} 转{extension}" if extension else written
