"""What editors type on the screens of a contribution, checked."""

from __future__ import annotations

from typing import Any

from django import forms

from accounts.models import User
from issues.models import IssuePage
from newsroom.cjk import clean_text, count_characters

from .conversion import word_files
from .models import Contribution, Kind
from .permissions import readers

TEXT_SOURCE = "text"
LONGEST_REASON = 300
LONGEST_MESSAGE = 2_000
OWN_WORDS = "own"
# A text shorter than this is rather a note to the Word file that came with it.
COVER_NOTE = 200

KIND_REASONS = {
    Kind.MANUSCRIPT: (
        "感谢来稿。近期同类稿件较多，版面有限，这一篇未能采用，欢迎继续投稿。",
        "感谢来稿。内容与本报现有的栏目不太合适，这一篇未能采用，欢迎换个题目再写。",
        "感谢来稿。所写的事已过了报道的时候，这一篇未能采用；有新消息请早些告诉我们。",
        "感谢来稿。文中的事实我们没能核实清楚，暂时不能刊用；有更多材料欢迎再发来。",
    ),
    Kind.TIP: (
        "感谢您提供线索。我们了解过情况，暂时不作报道，谢谢您的信任。",
        "感谢您提供线索。这件事我们已经报道过或正在报道，不再另作采写。",
        "感谢您提供线索。这件事不在本报的报道范围，建议向有关部门反映。",
        "感谢您提供线索。仅凭现有材料还没能核实，暂时不作报道；有新的情况欢迎再告诉我们。",
    ),
}


class WordsField(forms.CharField):
    """Some lines of text without anything invisible in them."""

    def __init__(self, *, rows: int = 3, **options: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": rows}), **options)
        self.error_messages["max_length"] = (
            "太长了，最多%(limit_value)d个字，现在是%(show_value)d个。"
        )

    def to_python(self, value: Any) -> str:
        return clean_text(super().to_python(value) or "").strip()


class KeyField(forms.ModelChoiceField):
    """One of some rows; a number that no database holds is none of them."""

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        except OverflowError:
            raise forms.ValidationError(
                self.error_messages["invalid_choice"],
                code="invalid_choice",
                params={"value": value},
            ) from None


class AssignForm(forms.Form):
    """Who takes care of a contribution."""

    assignee = KeyField(
        label="经办人",
        queryset=User.objects.none(),
        required=False,
        empty_label="（无人经办）",
        error_messages={"invalid_choice": "这位同事没有看来稿的权限，请另选一位。"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["assignee"].queryset = readers()


class DeclineForm(forms.Form):
    """Why a contribution is not used: a standard reason, or one's own words."""

    reason = forms.ChoiceField(label="理由", widget=forms.RadioSelect, required=False)
    own_words = WordsField(label="另写理由", max_length=LONGEST_REASON, required=False)

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reasons = KIND_REASONS[Kind(kind)]
        self.fields["reason"].choices = [
            *((reason, reason) for reason in reasons),
            (OWN_WORDS, "另写理由："),
        ]
        self.fields["reason"].error_messages["invalid_choice"] = "请从这几条理由里选，或另写。"

    def clean(self) -> dict[str, Any]:
        """Let one's own words go before a standard reason."""
        super().clean()
        data = self.cleaned_data
        chosen = data.get("reason", "")
        data["told"] = data.get("own_words") or (chosen if chosen != OWN_WORDS else "")
        if not data["told"] and not self.errors:
            self.add_error("reason", "请选一条理由，或另写一句；投稿人凭回执码会看到。")
        return data


class FindForm(forms.Form):
    """A receipt code, as it is read out on the telephone."""

    code = forms.CharField(
        label="回执码",
        max_length=256,
        help_text="大小写、空格和横线都不计较。",
        error_messages={"required": "请输入回执码。", "max_length": "太长了，这不是回执码。"},
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "autocapitalize": "characters",
                "autocorrect": "off",
                "spellcheck": "false",
                "dir": "ltr",
            }
        ),
    )


class AskForm(forms.Form):
    """A question to the sender."""

    text = WordsField(
        label="给投稿人留言",
        max_length=LONGEST_MESSAGE,
        error_messages={"required": "请写下要问的话。"},
    )


class NoteForm(forms.Form):
    """A note among editors."""

    text = WordsField(
        label="写一条备注",
        rows=2,
        max_length=LONGEST_MESSAGE,
        error_messages={"required": "备注是空的。"},
    )


def sources_of(contribution: Contribution) -> tuple[list[tuple[str, str]], str]:
    """Return what the words of an article can be taken from, and which of it most likely is."""
    characters = count_characters(contribution.text)
    words = [(str(file.pk), f"Word文档“{file.name}”") for file in word_files(contribution)]
    from_text = characters >= COVER_NOTE or not words
    choices = [(TEXT_SOURCE, f"投稿时写的正文（{characters}字）"), *words]
    return choices, TEXT_SOURCE if from_text else words[0][0]


class ConvertForm(forms.Form):
    """The issue an article goes into, and where its words come from."""

    issue = KeyField(
        label="登在",
        queryset=IssuePage.objects.none(),
        empty_label=None,
        error_messages={
            "required": "请选一期。",
            "invalid_choice": "这一期不能加稿件，请另选一期。",
        },
    )
    source = forms.ChoiceField(
        label="正文取自",
        widget=forms.RadioSelect,
        error_messages={
            "required": "请选正文取自哪里。",
            "invalid_choice": "请选正文取自哪里。",
        },
    )

    def __init__(self, *args: Any, contribution: Contribution, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        issues = IssuePage.objects.not_live()
        self.fields["issue"].queryset = issues.newest_first()
        self.fields["issue"].initial = (
            issues.filter(first_published_at__isnull=True).order_by("date", "number").first()
        )
        self.fields["issue"].label_from_instance = lambda issue: f"{issue}（{issue.printed_date}）"
        self.fields["source"].choices, self.fields["source"].initial = sources_of(contribution)

    @property
    def has_choice_of_source(self) -> bool:
        """Whether there is anything to choose."""
        return len(self.fields["source"].choices) > 1
