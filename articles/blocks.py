"""What the body of an article is made of: the nouns of the printed page."""

import threading
from typing import Any

from wagtail import blocks
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock
from wagtail.images.blocks import ImageChooserBlock

# What running text may carry. A crosshead inside pasted text is one click in the toolbar.
COPY_FEATURES = ["crosshead", "bold", "italic", "link"]


class PhotoBlock(blocks.StructBlock):
    """One picture with its caption, photographer and text for those who do not see it.

    What the editor leaves empty is copied from the photo library when the article is saved: the
    words that readers see are the article's own, and signed like the rest (docs/adr/0009).
    """

    image = ImageChooserBlock(label="图片")
    caption = blocks.CharBlock(
        label="图片说明", required=False, max_length=200, help_text="空着则存稿时抄图片库里的。"
    )
    credit = blocks.CharBlock(
        label="摄影",
        required=False,
        max_length=60,
        help_text="如：张三 摄。空着则存稿时抄图片库里的。",
    )
    alt = blocks.CharBlock(
        label="替代文字",
        required=False,
        max_length=255,  # as long as the library's
        help_text="给看不见图片的读者：图上有什么。空着则存稿时抄图片库里的描述。",
    )

    class Meta:
        icon = "image"
        label = "图片"
        label_format = "图片：{caption}"
        description = "一张照片，带说明和摄影署名"

    def clean(self, value: Any) -> Any:
        """Check a photo, and give it the words of the library where it has none."""
        value = super().clean(value)
        if photo := value["image"]:
            value["caption"] = value["caption"] or photo.caption
            value["credit"] = value["credit"] or photo.credit
            value["alt"] = value["alt"] or photo.description
        return value


class QuoteBlock(blocks.StructBlock):
    """Words lifted out of the text."""

    text = blocks.TextBlock(label="引文", rows=3)
    source = blocks.CharBlock(label="出处", required=False, max_length=100)

    class Meta:
        icon = "openquote"
        label = "引文"
        description = "单独排出的一段话"
        preview_value = {"text": "以棋会友，增进友谊、陶冶情操。", "source": "包敏华"}


class TableBlock(blocks.StructBlock):
    """Rows and columns with a caption."""

    caption = blocks.CharBlock(label="表题", required=False, max_length=200)
    table = TypedTableBlock(
        [("text", blocks.CharBlock(label="文字", required=False))], label="表格"
    )

    class Meta:
        icon = "table"
        label = "表格"
        description = "名单、比分、数据"


class BodyBlock(blocks.StreamBlock):
    """The body of an article, in reading order.

    Checked by one thread at a time: to check a draft, Wagtail switches "required" off and on again
    on the block definitions, which all threads share. Two drafts saved at once would fail, or let
    each other's empty blocks pass.
    """

    _turn = threading.RLock()

    paragraph = blocks.RichTextBlock(
        label="正文",
        icon="pilcrow",
        features=COPY_FEATURES,
        required=False,
        description="一段或许多段正文，可整篇粘贴",
        preview_value="<p>7月27日，杭州市第十届职工运动会中国象棋比赛开赛。</p>",
    )
    crosshead = blocks.CharBlock(
        label="小标题",
        icon="title",
        max_length=100,
        description="文中小标题",
        preview_value="“供”上多突破 入托有多种方式可选",
    )
    photo = PhotoBlock()
    gallery = blocks.ListBlock(
        PhotoBlock(),
        label="组图",
        icon="image",
        min_num=2,
        description="几张并排的照片",
    )
    quote = QuoteBlock()
    table = TableBlock()
    note = blocks.TextBlock(
        label="附注",
        icon="info-circle",
        rows=2,
        description="见报的附注，如“本文数据截至7月底”",
        preview_value="本文数据截至7月底。",
    )

    def clean(self, value: Any, **kwargs: Any) -> Any:
        """Check a body, nothing deferred."""
        with self._turn:
            return super().clean(value, **kwargs)

    def clean_deferred(self, value: Any) -> Any:
        """Check a draft, which may leave things out."""
        with self._turn:
            return super().clean_deferred(value)
