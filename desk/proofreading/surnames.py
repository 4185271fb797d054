"""Know Chinese surnames, and characters of given names that sound alike."""

from __future__ import annotations

__all__ = ["SURNAMES", "sounds_of"]

SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许邓韩冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚"
    "沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫阎段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤"
    "章鲁葛柳洪俞倪虞包焦吉裘楼施凌穆庞祝季项屠应诸骆傅翁华裴盛童温詹管涂柯卓费褚娄芦欧"
)

# One group for each sound, tones apart or not; as they meet in given names and surnames.
GROUPS = """
    晓小肖筱潇啸 燕艳彦雁妍岩炎颜严延 红虹宏洪弘鸿泓 明鸣铭茗名 华花骅桦 伟炜玮纬威薇维巍
    建健剑俭坚舰鉴 平萍苹坪屏 英瑛颖莹樱盈映影应 志智致芝治之稚 国果 军君俊钧均峻骏 芳方芬纷
    丽莉力立利理俐黎李 杰洁捷婕 波博伯 玉钰毓育瑜宇雨羽禹余于俞虞 文雯闻纹 海 林琳霖临
    静婧菁晶精敬京景 娟捐涓 峰锋丰枫蜂风凤 勇永咏泳 刚钢 涛滔陶 飞菲霏妃 敏民闽 辉晖慧惠卉会汇
    霞侠夏 梅媚 云芸耘昀 珍真贞臻桢振震镇 琴勤芹 秀绣 佳嘉家加 欣新心馨昕鑫辛 浩昊皓豪郝
    斌彬滨宾 良亮梁 松淞 龙隆 生声胜升盛圣 成诚程承澄 东冬 庆青清卿晴 阳扬洋杨 康 祥翔详向 贵桂
    荣容蓉融戎 义毅艺怡仪益逸宜懿 亚雅娅 凯楷 昌长 月悦跃越岳 晨辰宸陈臣 婷庭亭廷 倩茜 莎沙纱
    源元远园圆媛袁 先贤仙 卫未魏 书淑舒树 兰岚蓝 泽 章张彰 王汪 吴武 徐许 刘柳 陆路 江姜蒋 付傅
    郑正政 沈申 高皋 冯封 邓登 田天添 周洲舟 何和贺 朱诸珠 孙逊 潘攀 莫默 吕侣 戴代 钟忠仲中
    金锦进 强 栋 超 磊 倪妮 侯厚 焦娇
"""
SOUNDS = {character: group for group in GROUPS.split() for character in group}


def sounds_of(name: str) -> tuple[str, ...]:
    """Return a name so that names that sound alike are equal."""
    return tuple(SOUNDS.get(character, character) for character in name)
