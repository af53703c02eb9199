"""Where things happen and how they look: roads, words, and pictures drawn for the purpose."""

import io
import random

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from grid.models import Cell

ROADS = {
    "jiangchuan": ("鹤庆路", "东川路", "碧江路", "江川路"),
    "gumei": ("龙茗路", "平南路", "古美路", "平阳路"),
    "xinhong": ("申虹路", "华美路", "申长路", "扬虹路"),
    "xinzhuang": ("莘松路", "沪闵路", "莘建路", "水清路"),
    "qibao": ("七莘路", "漕宝路", "沪松公路", "新镇路"),
    "zhuanqiao": ("颛盛路", "沪光路", "都市路", "光华路"),
    "huacao": ("纪翟路", "北青公路", "繁兴路", "金丰路"),
    "hongqiao": ("吴中路", "合川路", "虹井路", "虹莘路"),
    "meilong": ("莘朱路", "梅高路", "春申路", "银都路"),
    "wujing": ("龙吴路", "宝秀路", "剑川路", "永德路"),
    "maqiao": ("北松路", "银春路", "元江路", "江川西路"),
    "pujiang": ("浦星公路", "联航路", "江月路", "陈行公路"),
    "gongyequ": ("鑫都路", "申富路", "金都路", "春光路"),
}
WORDS = {
    "A1": "二层屋顶正在搭建彩钢房，有工人施工",
    "A2": "底层天井内有砖混搭建，约十平方米",
    "A3": "田地上堆放集装箱并硬化地面",
    "A4": "装修中拆除房间之间的墙体，邻居反映有震动",
    "B1": "渣土车未密闭，沿途有扬尘",
    "B2": "绿化带旁倾倒渣土一堆，约六立方米",
    "B3": "路面泄漏泥浆，长约三十米",
    "B4": "工地出入口带泥上路，未冲洗车辆",
    "C1": "人行道上有流动摊贩数个，影响通行",
    "C2": "商铺货物摆出店门，占用人行道",
    "C3": "人行道堆放建材，并在路边切割",
    "C4": "沿街无照经营餐饮，有固定店面",
    "D1": "楼顶广告牌面板松动，到期未拆",
    "D2": "店招与备案不符，灯箱破损",
    "D3": "墙面张贴小广告多处",
    "E1": "一套住房隔成五间出租",
    "E2": "小区绿地被铺砖停车",
    "E3": "夜间露天烧烤，油烟大",
}
WEIGHTS = {
    "A1": 4, "A2": 5, "A3": 1, "A4": 3, "B1": 6, "B2": 6, "B3": 6, "B4": 6, "C1": 22, "C2": 14, "C3": 12, "C4": 3,
    "D1": 3, "D2": 5, "D3": 12, "E1": 4, "E2": 4, "E3": 8,
}  # fmt: skip
SIZE = (640, 480)


class Scenery:
    """Points, addresses and pictures out of one source of chance."""

    def __init__(self, chance: random.Random, slugs: dict[str, str]) -> None:
        """`slugs`: unit codes by short name."""
        self.chance = chance
        self.slugs = slugs
        self.cells: dict[str, list[Cell]] = {code: [] for code in slugs.values()}
        for cell in Cell.objects.prefetch_related("units").order_by("code"):
            for held in cell.units.all():
                if held.unit_id in self.cells:
                    self.cells[held.unit_id].append(cell)

    def point(self, slug: str) -> tuple[float, float]:
        """A point near the middle of some cell of the unit, WGS-84."""
        cell = self.chance.choice(self.cells[self.slugs[slug]])
        spread = self.chance.uniform
        return round(cell.longitude + spread(-0.002, 0.002), 6), round(cell.latitude + spread(-0.002, 0.002), 6)

    def address(self, slug: str) -> str:
        road, other = self.chance.sample(ROADS[slug], 2)
        return f"{road}近{other}" if self.chance.random() < 0.6 else f"{road}{self.chance.randrange(8, 1800)}号"

    def kind(self) -> str:
        return self.chance.choices(list(WEIGHTS), weights=list(WEIGHTS.values()))[0]

    def photo(self, stage: str) -> SimpleUploadedFile:
        """A picture of its own each time: the same file sent again would be kept once."""
        return SimpleUploadedFile(f"{stage}.jpg", drawn(self.chance, stage), "image/jpeg")


def drawn(chance: random.Random, stage: str) -> bytes:
    """A street with or without the heap, plainly a drawing."""
    image = Image.new("RGB", SIZE, (199, 214, 217))
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 250, 640, 300), fill=(142, 168, 131))
    pen.rectangle((0, 300, 640, 480), fill=(135, 138, 140))
    pen.rectangle((0, 296, 640, 312), fill=(186, 186, 180))
    for x in range(20, 640, 120):
        pen.rectangle((x, 385, x + 62, 392), fill=(235, 235, 230))
    for x in (chance.randrange(20, 120), chance.randrange(430, 560)):
        pen.rectangle((x + 22, 215, x + 30, 300), fill=(112, 90, 70))
        pen.ellipse((x, 150, x + 54, 230), fill=(93, 133, 92))
    mark(pen, chance)
    if stage == "before":
        heap(pen, chance)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=80)
    return out.getvalue()


def mark(pen: ImageDraw.ImageDraw, chance: random.Random) -> None:
    """A few dots on the road that no other picture has."""
    for _ in range(12):
        x, y = chance.randrange(640), chance.randrange(400, 480)
        pen.rectangle((x, y, x + 2, y + 2), fill=(110, 112, 114))


def heap(pen: ImageDraw.ImageDraw, chance: random.Random) -> None:
    left, width = chance.randrange(180, 300), chance.randrange(130, 200)
    pen.polygon(
        [(left, 330), (left + width // 3, 262), (left + 2 * width // 3, 250), (left + width, 330)], fill=(126, 100, 80)
    )
    for _ in range(9):
        x, y = left + chance.randrange(20, width - 20), chance.randrange(285, 325)
        pen.rectangle((x, y, x + 12, y + 8), fill=(176, 156, 138))
