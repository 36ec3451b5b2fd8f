"""The rules as data: complete, checked, and merged with a user's."""

import json
import re

import pytest

from clausescan.errors import DataError
from clausescan.playbook import load_playbook
from clausescan.rules import SEVERITIES, describe

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
    with pytest.raises(DataError, match="HOUSE_RULE.*twice"):
        load_playbook(_write(tmp_path, [OWN, OWN]))


def test_missing_playbook_is_refused(tmp_path):
    with pytest.raises(DataError, match=r"nowhere\.toml"):
        load_playbook(tmp_path / "nowhere.toml")
