"""The rules as data: complete, checked, and merged with a user's."""

import json
import re

import pytest

from clausescan.document import language_of
from clausescan.errors import DataError, ModelError
from clausescan.findings.rules import SEVERITIES, describe
from clausescan.playbook import load_playbook

PLAYBOOK = load_playbook()

OWN = {
    "id": "HOUSE_RULE",
    "title": "House rule",
    "severity": "medium",
    "group": "money",
    "why": "We always ask.",
    "clears": "Nothing.",
    "sources": [{"text": "house", "date": "2026-11-22"}],
    "ask": {"en": "Ask.", "zh": "请求。"},
    "when": [{"labels": ["payment"], "bearer": "them"}],
}


def _toml(rule):
    lines = ["[[rule]]"]
    for key, value in rule.items():
        if key == "ask":
            lines += [f'ask.{name} = "{text}"' for name, text in value.items()]
        else:
            text = json.dumps(value, ensure_ascii=False).replace('": ', '" = ')
            lines.append(f"{key} = {text}")
    return "\n".join(lines)


def _write(folder, rules, suffix="json"):
    path = folder / f"house.{suffix}"
    text = json.dumps({"rule": rules}, ensure_ascii=False)
    path.write_text("\n".join(map(_toml, rules)) if suffix == "toml" else text, "utf8")
    return path


def test_all_rules_of_the_domain_are_there():
    assert len(PLAYBOOK.rules) == len({rule.id for rule in PLAYBOOK.rules}) == 36


@pytest.mark.parametrize("rule", PLAYBOOK.rules, ids=lambda rule: rule.id)
def test_rule_says_what_a_negotiator_needs(rule):
    assert rule.severity in SEVERITIES
    assert rule.why.endswith(".")
    assert rule.clears.endswith(".")
    assert re.search(r"[a-z]", rule.ask["en"])
    assert re.search(r"[\u4e00-\u9fff]", rule.ask["zh"])
    assert rule.examples
    assert rule.counter_examples
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\d", source.date) for source in rule.sources)


@pytest.mark.parametrize("rule", PLAYBOOK.rules, ids=lambda rule: rule.id)
def test_every_condition_can_be_told(rule):
    told = [describe(item) for item in (*rule.when, *rule.unless, *rule.raises, *rule.lowers)]
    assert all(text and "frozenset" not in text for text in told)


@pytest.mark.parametrize("suffix", ["toml", "json", "yaml"])
def test_user_file_adds_a_rule(tmp_path, suffix):
    playbook = load_playbook(_write(tmp_path, [OWN], suffix))
    assert playbook.rule("HOUSE_RULE").title == "House rule"
    assert len(playbook.rules) == 37


def test_user_file_changes_only_the_keys_it_gives(tmp_path):
    playbook = load_playbook(_write(tmp_path, [{"id": "FORUM_RISK", "severity": "high"}]))
    assert playbook.rule("FORUM_RISK").severity == "high"
    assert playbook.rule("FORUM_RISK").why == PLAYBOOK.rule("FORUM_RISK").why


def test_user_file_disables_a_rule(tmp_path):
    playbook = load_playbook(_write(tmp_path, [{"id": "FORUM_RISK", "disabled": True}]))
    assert playbook.rule("FORUM_RISK") is None


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"severty": "high"}, "severty"),
        ({"severity": "grave"}, "severity"),
        ({"archetypes": ["barter"]}, "archetypes"),
        ({"when": [{"labels": ["exclusivity.magic"]}]}, "labels"),
        ({"when": [{"lables": ["payment"]}]}, "lables"),
        ({"when": [{"attributes": {"term.moons": ">3"}}]}, "attributes"),
        ({"when": [{"modality": ["wish"]}]}, "modality"),
        ({"when": [{"burdens": "you"}]}, "burdens"),
        ({"when": [{"computed": "magic"}]}, "computed"),
        ({"when": [{"text": "("}]}, "text"),
        ({"when": "labels"}, "when"),
        ({"unless": [{"any": [{"labels": ["x"]}]}]}, "labels"),
        ({"ask": {"en": "Ask."}}, "ask"),
        ({"sources": ["house"]}, "sources"),
        ({"examples": ["one clause"]}, "examples"),
        ({"supersedes": ["NOT_A_RULE"]}, "supersedes"),
        ({"for": "us"}, "for"),
        ({"title": 7}, "title"),
        ({"when": [{"attributes": "term.years"}]}, "attributes"),
        ({"ask": "Ask."}, "ask"),
        ({"when": [{"attributes": {"term.years": ">long"}}]}, "attributes"),
        ({"when": [{"attributes": {"term.years": []}}]}, "attributes"),
        ({"when": [{"strength_min": "firm"}]}, "strength_min"),
        ({"when": [{"labels": ["payment"], "count_max": "few"}]}, "count_max"),
        ({"raise": [{"rules": ["NOT_A_RULE"]}]}, "rules"),
    ],
)
def test_wrong_rule_names_rule_and_key(tmp_path, change, key):
    with pytest.raises(DataError) as error:
        load_playbook(_write(tmp_path, [{**OWN, **change}]))
    assert "house.json: rule HOUSE_RULE" in str(error.value)
    assert repr(key) in str(error.value)


@pytest.mark.parametrize("key", ["title", "severity", "when", "ask", "why"])
def test_rule_without_a_key_is_refused(tmp_path, key):
    rule = {name: value for name, value in OWN.items() if name != key}
    with pytest.raises(DataError, match=f"house.json: rule HOUSE_RULE: key '{key}' is missing"):
        load_playbook(_write(tmp_path, [rule]))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("house.txt", ""),
        ("house.toml", "[[rule"),
        ("house.json", "{"),
        ("house.json", "[]"),
        ("house.json", '{"rules": []}'),
        ("house.json", '{"rule": [{"title": "no id"}]}'),
        ("house.yaml", "rule: [}"),
    ],
)
def test_unreadable_playbook_is_refused(tmp_path, name, text):
    path = tmp_path / name
    path.write_text(text, "utf8")
    with pytest.raises(DataError, match=re.escape(name)):
        load_playbook(path)


def test_rule_given_twice_is_refused(tmp_path):
    with pytest.raises(DataError, match=r"HOUSE_RULE.*twice"):
        load_playbook(_write(tmp_path, [OWN, OWN]))


def test_missing_playbook_is_refused(tmp_path):
    with pytest.raises(DataError, match=r"nowhere\.toml"):
        load_playbook(tmp_path / "nowhere.toml")


_EN = (
    ("Licensor", "Licensee", "LICENCE AGREEMENT"),
    ("Buyer", "Manufacturer", "MANUFACTURING AGREEMENT"),
    ("Party B", "Party A", "JOINT VENTURE CONTRACT"),
    ("Supplier", "Distributor", "DISTRIBUTION AGREEMENT"),
)
_ZH = (
    ("许可方", "被许可方", "技术许可合同"),
    ("买方", "制造商", "委托加工合同"),
    ("甲方", "乙方", "经销合同"),
)


def _draft(clauses, rule):
    """A whole small draft round the clauses of an example, with a foreign and a Chinese party."""
    text = " ".join(clauses)
    chinese = language_of(text) == "zh"
    pairs = _ZH if chinese else _EN
    foreign, local, title = next(
        (pair for pair in pairs if pair[0] in text or pair[1] in text), pairs[-1]
    )
    if rule.archetypes == {"loi"}:
        title = "合作备忘录" if chinese else "MEMORANDUM OF UNDERSTANDING"
    if chinese:
        opening = (
            f"{foreign}：Nordlicht GmbH（诺德里希特有限公司），一家依照德国法律设立的公司，"
            f"地址：德国汉堡\n{local}：宁波海晟贸易有限公司，统一社会信用代码"
            "91330206MA2GR7K415，地址：浙江省宁波市北仑区明州西路77号"
        )
        lines = [f"第{'一二三四五六七八九'[i]}条 {clause}" for i, clause in enumerate(clauses)]
    else:
        opening = (
            "This Agreement is made between Nordlicht GmbH, a company organised under the laws of "
            f'Germany (the "{foreign}"), and Ningbo Haisheng Trading Co., Ltd. '
            "(宁波海晟贸易有限公司), a company organised under the laws of the People's Republic "
            f'of China (the "{local}").'
        )
        lines = [f"{number}. {clause}" for number, clause in enumerate(clauses, start=1)]
    return "\n\n".join([title, opening, *lines]) + "\n"


def _fired(clauses, rule, folder):
    scanner = pytest.importorskip("clausescan.scanner")
    path = folder / "draft.txt"
    path.write_text(_draft(clauses, rule), "utf8")
    try:
        return {finding.rule for finding in scanner.scan(path).findings}
    except ModelError as error:
        pytest.skip(str(error))


def _share(drafts, folder, *, fires):
    """Share of drafts that do as their rule says, and the names of those that do not."""
    wrong = [
        rule.id for rule, clauses in drafts if (rule.id in _fired(clauses, rule, folder)) != fires
    ]
    return 1 - len(wrong) / len(drafts), wrong


def test_examples_fire_through_the_whole_pipeline(tmp_path):
    drafts = [(rule, clauses) for rule in PLAYBOOK.rules for clauses in rule.examples]
    share, wrong = _share(drafts, tmp_path, fires=True)
    assert share >= 0.95, wrong


def test_counter_examples_stay_silent_through_the_whole_pipeline(tmp_path):
    drafts = [(rule, clauses) for rule in PLAYBOOK.rules for clauses in rule.counter_examples]
    share, wrong = _share(drafts, tmp_path, fires=False)
    assert share >= 0.95, wrong
