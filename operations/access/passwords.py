"""What a password must not be, beyond Django's own rules: what people here try first."""

from __future__ import annotations

import re
from typing import Any

from django.core.exceptions import ValidationError

__all__ = ["NoFavourite"]

# Words, names of keys and dates that passwords in China are made of, as leaked lists show; what is
# left when they are taken out has to be long enough by itself.
FAVOURITES = re.compile(
    r"""woaini|iloveyou|wangluo|woshishui|nihao|caonima|zhongguo|china|beijing|hangzhou|zhejiang
      | gonghui|gongyun|hzgy|baozhi|bianji|zongbian|admin|root|user|test|guest|password|passwd|mima
      | 5201314|520|1314|521|1314520|7758521|147258369|159357|qwer|asdf|zxcv|1qaz|2wsx|3edc|qaz|wsx
      | abcd?|a123|q123|qq|wx|win|pass|login|welcome|hello|dragon|monkey|(?:19|20)\d{2}
      | 1[3-9]\d{9}|0571\d{0,8}|12345\d*|01234\d*|98765\d*|(.)\1{2,}|[!@#$%^&*._-]+""",
    re.VERBOSE,
)
LEAST_LEFT = 6


class NoFavourite:
    """Refuse a password that is mostly a favourite: a mobile number, a row of keys, 我爱你."""

    MESSAGE = (
        "这个密码太容易猜：去掉手机号、年份、连着的键和常用的词，剩下的不到六个字符。"
        "请换一个，比如几个不相干的词连起来。"
    )

    def validate(self, password: str, user: Any = None) -> None:
        """Raise where too little is left."""
        left = FAVOURITES.sub("", password.casefold())
        if len(set(left)) < LEAST_LEFT:
            raise ValidationError(self.MESSAGE, code="favourite")

    def get_help_text(self) -> str:
        """Say the rule."""
        return "不要用手机号、生日、连着的键，或者大家都用的词。"
