"""Names of companies in Chinese, Japanese and Korean text, by the word that ends them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from clausescan.pipeline.nationality import party_data

_HAN = r"\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3"
_RUN = re.compile(rf"(?:[{_HAN}A-Za-z0-9·&・]|[(（][\u4e00-\u9fff]{{2,8}}[)）])+")
# Where a name cannot go on to the left. The look-arounds keep words that names do hold.
_CUT = re.compile(
    r"以及|(?<![埃普])及|与|與|(?<![自理缘])由|(?<![体关派])系(?![统列統])|(?<=方)[为為向]|是|一家"
    r"|[称稱]|依据|根据|依照|按照|位于|[设設]立|成立|[委授][托託权權](?!代)|同意|向(?=.{0,20}提供)"
    r"|(?<![罗美目])的(?!里雅|黎波|士|港)|(?<=[司团學学)）方人商您厂廠])和"
)
_LEAD = re.compile(r"(?:[甲乙丙丁]方|双方|雙方|各方|兹有?|茲有?|今有?|该|本|和|乃)+")
_FIELD = re.compile(
    r"(?:开户|開戶|银行|銀行|账户|账号|帐户|地址|住所|地点|地點|联系|代表|经营|邮箱|传真)"
    r"[^\n：:]*[:：]?[^\n：:。；，]*\Z"
)
_PREFIXED = re.compile(
    rf"(?<![{_HAN}])(?:株式会社|株式會社|有限会社|合同会社)[{_HAN}]{{2,12}}"
    r"|(?:주식회사|㈜)\s*[가-힣]{2,}|[가-힣]{2,}\s*주식회사"
)
_DESCRIPTION = re.compile(
    r"(?:中外|合资|合作|合营|经营|股份|有限|责任|私人|公众|外资|注册|成立|中国|外商|独资|投资|企业|目标|该|本|一|家|母|子|总|分"
    r"|关联|集团)*(?:公司|集团|企业|分公司|工厂|银行)|(?:开户|有关|外国)银行|[株有]式?[会會]社|工厂|\W.*"
)
# Words of prose, which no name holds.
_PROSE = re.compile(
    r"(?<![供感反响效])应(?![用急化])|[须須]|不得|得到|进行|下列|规定|同意|购买|现金|关于|适用|其在|合[营资作](?:公司|企业)"
    r"|[贵我该等]公司|双方|[甲乙丙丁卖买]方|任何|其他|如果|以外|该|(?<!耳)其(?!士)|共同|组织形式|子公司|名称|^(?:将|对|在|从|除)|院校$"
)
_LONGEST = 45
_APART = 8


def han_names(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Offsets of the names in a stretch of text."""
    yield from ((match.start(), match.end()) for match in _PREFIXED.finditer(text, start, end))
    for run in _RUN.finditer(text, start, end):
        if _FIELD.search(text[max(0, run.start() - 40) : run.start()]):
            continue
        left = run.start()
        for stop in [*(match.end() for match in _CUT.finditer(run[0])), len(run[0])]:
            name = _name(text, left, run.start() + stop)
            if name is not None:
                yield name
            left = run.start() + stop


def _name(text: str, start: int, stop: int) -> tuple[int, int] | None:
    """The name in a stretch of characters that holds at most one."""
    end = start + _end(text[start:stop])
    if text[max(0, start - 4) : start].strip(" \u3000")[-1:] not in (":", "：", "\n"):
        lead = _LEAD.match(text, start, end)
        start = lead.end() if lead else start
    name = text[start:end]
    if not 4 <= len(name) <= _LONGEST or _DESCRIPTION.fullmatch(name) or _PROSE.search(name):
        return None
    return start, end


def _end(text: str) -> int:
    """Where a name that begins with `text` ends: behind the last of its neighbouring endings."""
    end = 0
    for match in _ending().finditer(text):
        if end and match.start() - end > _APART:
            break
        end = match.end()
    return end


@cache
def _ending() -> re.Pattern[str]:
    endings = sorted(party_data()["noun"]["zh"], key=len, reverse=True)
    return re.compile(
        "(?:" + "|".join(map(re.escape, endings)) + ")(?!法|章程|[长長房址区區商家牌名])"
    )
