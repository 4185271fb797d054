"""Find characters that have no place in simplified Chinese copy."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .texts import Finding, Kind, Sheet

# Controls, signs without width, halves of characters, private ones, and � for what got lost; a
# joiner or selector beside an emoji belongs to it.
STRAY = re.compile(
    "[\0-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u2064\ufeff\ufffc-\uffff"
    "\ud800-\udfff\ue000-\uf8ff]|(?<![\u2600-\u27bf\ufe0f\U0001f000-\U0001faff])\u200d"
)

# Traditional forms that are in no simplified text and in few names (於 and 乾 are).
TRADITIONAL = re.compile(
    "[們這來時國會說學對開動實現經樣樂員總職勞書記長黨產業務發環與為個過還進間題問電話機關設計處"
    "報見習覺觀視聽讀寫頭選導遠運達邊農辦創劃單協團圖場區華萬義論識談調請議護變讓買賣車輕轉軍馬"
    "門聞陽陰險難雲雙飛飯館驗點東絲兩嚴喪豐臨麗舉衛聲歡應愛戰擊擴據損搶換樓標權檢橋歷歲殺氣決況"
    "準滿漢燈營獎獨獲環療療積稱窮競節範築簡糧級組織結給統繼續維綱網緊線練縣罰節聯聖脫腦膚藝藥蘇"
    "號補裝製複規親觸計訂訓託訪證評詞試詢該詳認誤誠誰課諸謀謝證譯貝負財貢貧貨質貸費貼資賓賞賽贊"
    "趕趙跡踐軌較載輔輛輝輩輪輸轄辭遞遲適遺郵鄉醫釋針鈔鋼錄錢鎮鐘鐵鑒閉閒閱隊階際隨隱雖離靈靜頂"
    "項順須預領頻顆顏願類顧風養餘駐驅體髮鬥魚鮮鳥鳴麥黃齊齒龍]"
)


def stray_character(sheet: Sheet) -> Iterator[Finding]:
    """Find what cannot be seen or is not a character at all."""
    for stretch in sheet.stretches:
        for found in STRAY.finditer(stretch.text):
            said = f"这里有一个看不见或无法显示的字符（U+{ord(found[0]):04X}）。"
            yield stretch.mark(*found.span(), said)


def traditional_character(sheet: Sheet) -> Iterator[Finding]:
    """Find, once in each stretch, a traditional character in simplified copy."""
    for stretch in sheet.stretches:
        if stretch.kind is Kind.NAMES:
            continue
        found = TRADITIONAL.search(stretch.text)
        if found:
            yield stretch.mark(*found.span(), f"“{found[0]}”是繁体字。")
