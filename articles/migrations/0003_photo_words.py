"""The words of a photo are the article's own; its alt text as long as the library's."""

import wagtail.fields
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0002_corrections_and_withdrawal"),
    ]

    operations = [
        migrations.AlterField(
            model_name="articlepage",
            name="body",
            field=wagtail.fields.StreamField(
                [
                    ("paragraph", 0),
                    ("crosshead", 1),
                    ("photo", 6),
                    ("gallery", 7),
                    ("quote", 10),
                    ("table", 14),
                    ("note", 15),
                ],
                block_lookup={
                    0: (
                        "wagtail.blocks.RichTextBlock",
                        (),
                        {
                            "description": "一段或许多段正文，可整篇粘贴",
                            "features": ["crosshead", "bold", "italic", "link"],
                            "icon": "pilcrow",
                            "label": "正文",
                            "preview_value": "<p>7月27日，杭州市第十届职工运动会中国象棋比赛开赛。</p>",
                            "required": False,
                        },
                    ),
                    1: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {
                            "description": "文中小标题",
                            "icon": "title",
                            "label": "小标题",
                            "max_length": 100,
                            "preview_value": "“供”上多突破 入托有多种方式可选",
                        },
                    ),
                    2: ("wagtail.images.blocks.ImageChooserBlock", (), {"label": "图片"}),
                    3: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {
                            "help_text": "空着则存稿时抄图片库里的。",
                            "label": "图片说明",
                            "max_length": 200,
                            "required": False,
                        },
                    ),
                    4: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {
                            "help_text": "如：张三 摄。空着则存稿时抄图片库里的。",
                            "label": "摄影",
                            "max_length": 60,
                            "required": False,
                        },
                    ),
                    5: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {
                            "help_text": "给看不见图片的读者：图上有什么。空着则存稿时抄图片库里的描述。",
                            "label": "替代文字",
                            "max_length": 255,
                            "required": False,
                        },
                    ),
                    6: (
                        "wagtail.blocks.StructBlock",
                        [[("image", 2), ("caption", 3), ("credit", 4), ("alt", 5)]],
                        {},
                    ),
                    7: (
                        "wagtail.blocks.ListBlock",
                        (6,),
                        {
                            "description": "几张并排的照片",
                            "icon": "image",
                            "label": "组图",
                            "min_num": 2,
                        },
                    ),
                    8: ("wagtail.blocks.TextBlock", (), {"label": "引文", "rows": 3}),
                    9: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {"label": "出处", "max_length": 100, "required": False},
                    ),
                    10: ("wagtail.blocks.StructBlock", [[("text", 8), ("source", 9)]], {}),
                    11: (
                        "wagtail.blocks.CharBlock",
                        (),
                        {"label": "表题", "max_length": 200, "required": False},
                    ),
                    12: ("wagtail.blocks.CharBlock", (), {"label": "文字", "required": False}),
                    13: (
                        "wagtail.contrib.typed_table_block.blocks.TypedTableBlock",
                        [[("text", 12)]],
                        {"label": "表格"},
                    ),
                    14: ("wagtail.blocks.StructBlock", [[("caption", 11), ("table", 13)]], {}),
                    15: (
                        "wagtail.blocks.TextBlock",
                        (),
                        {
                            "description": "见报的附注，如“本文数据截至7月底”",
                            "icon": "info-circle",
                            "label": "附注",
                            "preview_value": "本文数据截至7月底。",
                            "rows": 2,
                        },
                    ),
                },
                verbose_name="正文",
            ),
        ),
    ]
