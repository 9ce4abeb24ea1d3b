"""Cuts PP-OCRv6's recogniser down to hanja: `python -m training.prune PP-OCRv6_rec_small.onnx hanja.onnx`.

Simplified, Japanese and Taiwanese forms are kept as further classes of the Korean form (清 counts as 淸), after
OpenCC's tables and FORMS below. Needs onnx, numpy and the Debian package opencc.
"""

import subprocess
import sys
from collections.abc import Sequence

import numpy as np
import onnx
from onnx import numpy_helper

from training.compact import halve
from training.faces import HANJA
from training.onnx_in_torch import characters

HEAD = ("linear_8.w_0", "linear_8.b_0")
TO_KOREAN = ("s2t", "jp2t", "tw2t", "hk2t", "t2jp", "t2tw", "t2hk")
FROM_KOREAN = ("t2s", "t2jp", "t2tw", "t2hk")
PAIRS = (
    "清=淸 教=敎 彥=彦 真=眞 尚=尙 敘=敍 叙=敍 录=錄 録=錄 内=內 青=靑 皙=晳 昂=昻 鄉=鄕 乡=鄕 郷=鄕 "
    "说=說 説=說 悦=悅 税=稅 脱=脫 剑=劍 剣=劍 卻=却 峰=峯 强=強 毎=每 徳=德 恵=惠 栄=榮 黄=黃 禄=祿 绿=綠 涼=凉 "
    "净=淨 浄=淨 吴=吳 呉=吳 冰=氷 册=冊 羣=群 牀=床 邨=村 杯=盃 效=效 决=決 况=況 渓=溪 烟=煙 畧=略 叡=睿 祕=秘 "
    "頴=穎 総=總 讃=讚 豊=豐 贊=贊 賛=贊 鎮=鎭 隂=陰 雞=鷄 髙=高 黒=黑 柏=栢 晋=晉"
)
FORMS = dict(pair.split("=") for pair in PAIRS.split())


def converted(letters: Sequence[str], table: str) -> list[str]:
    """Each letter through one of OpenCC's tables."""
    command = ["opencc", "-c", f"{table}.json"]
    done = subprocess.run(command, input="\n".join(letters), text=True, capture_output=True, check=True)
    return done.stdout.split("\n")[: len(letters)]


def folded(known: Sequence[str]) -> dict[str, str]:
    """Which of the model's letters stand for which Korean form."""
    korean, fold = set(HANJA), {}
    known = [letter for letter in known if "㐀" <= letter <= "鿿"]
    for table in TO_KOREAN:
        for letter, other in zip(known, converted(known, table), strict=True):
            if letter not in korean and other in korean:
                fold.setdefault(letter, other)
    for table in FROM_KOREAN:
        for letter, other in zip(HANJA, converted(HANJA, table), strict=True):
            if other not in korean:
                fold.setdefault(other, letter)
    fold |= {other: letter for other, letter in FORMS.items() if other not in korean and letter in korean}
    for letter, other in zip(known, converted(known, "s2t"), strict=True):
        if letter not in korean and other in fold:
            fold.setdefault(letter, fold[other])
    return fold


def main(source: str, target: str) -> None:
    """Writes the smaller model, stored as float16."""
    model, known = onnx.load(source), characters(source)
    known = known if " " in known else [*known, " "]
    korean, fold, brackets = set(HANJA), folded(known), {"(": "(", "（": "(", ")": ")", "）": ")", " ": " "}
    kept, letters = [0], []
    for i, letter in enumerate(known, 1):
        meant = letter if letter in korean else fold.get(letter) or brackets.get(letter)
        if meant:
            kept.append(i)
            letters.append(meant)
    for weight in model.graph.initializer:
        if weight.name in HEAD:
            value = np.ascontiguousarray(numpy_helper.to_array(weight)[..., kept])
            weight.CopyFrom(numpy_helper.from_array(value, weight.name))
    del model.metadata_props[:]
    model.metadata_props.add(key="character", value="\n".join(letters))
    model.graph.output[0].type.tensor_type.shape.dim[2].dim_value = len(kept)
    del model.graph.value_info[:]
    onnx.save(halve(model), target)


if __name__ == "__main__":
    main(*sys.argv[1:3])
