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
    晓小肖筱潇啸 燕艳彦雁妍岩炎颜严延 红虹宏洪弘鸿泓 明鸣铭茗名 华花骅桦 伟玮纬威薇维巍未魏卫炜
    建健剑俭坚舰鉴 平萍苹坪屏 英瑛颖莹樱盈映影应 志智致芝治之稚 国果 军君俊钧均峻骏 芳方芬纷
    丽莉力立利理俐黎李礼里 杰洁捷婕 波博伯 玉钰毓育瑜宇雨羽禹余于俞虞 文雯闻纹 琳霖临邻林
    静婧菁晶精敬京景 娟捐涓 峰锋丰枫蜂风凤 勇永咏泳 刚钢 涛陶韬滔 飞菲霏妃 敏民闽 辉晖慧惠卉会汇
    霞侠夏 梅媚 云芸耘昀 珍真贞臻桢镇振震 琴勤芹 秀绣 佳嘉家加 欣新心馨昕鑫辛 浩昊皓郝豪毫 斌彬滨宾
    良亮梁 松淞 龙隆 生声胜升盛圣 成诚程承澄 东冬 庆青清卿晴 阳扬洋杨 祥翔详向 荣容蓉戎嵘融
    义毅艺怡仪益逸宜懿 亚雅娅 昌长 悦跃越岳乐月 晨辰宸陈臣 婷庭亭廷 茜前倩 莎沙纱 源元远园圆媛袁
    先贤仙 书淑舒树 兰岚蓝 章张彰 王汪 吴武午伍 徐望旭旺叙绪许 刘柳 路禄陆 江姜蒋 付傅 郑正政 沈森申
    高皋 冯封 邓登 天添田恬 周洲舟 何和贺河 朱诸珠竹 孙逊 潘攀 莫默 吕侣 戴代 钟忠仲中 金锦进津今
    强蔷 超朝 磊蕾雷 倪妮尼 焦娇 雄熊 康慷 凯楷恺铠 达答 学雪 春椿 跟根亘 秋邱丘 炳丙兵冰秉 仁人任壬
    顺舜 宝保 木沐穆 山珊衫杉 石时 传川 航杭 恒衡 卓灼 诗思斯 若偌 迪笛 蓓贝倍 蕊瑞睿锐 西曦熙溪希夕
    琪奇琦祺棋 启起 谦千 乔桥 权全泉 群裙 然冉 爱艾 安桉 柏百 邦帮 德得 定鼎 福富赋 功工公 光广 桂贵
    厚侯 虎琥 焕涣 吉季继 联莲连廉 满曼 茂冒 淼苗 品聘 巧俏 尚上 绍少邵韶 守寿 双霜 素苏 同童桐彤
    宣轩萱 寻洵 耀曜瑶遥尧 友有幼 郁煜昱裕 哲喆 宗综
"""
SOUNDS = {character: group for group in GROUPS.split() for character in group}


def sounds_of(name: str) -> tuple[str, ...]:
    """Return a name so that names that sound alike are equal."""
    return tuple(SOUNDS.get(character, character) for character in name)
