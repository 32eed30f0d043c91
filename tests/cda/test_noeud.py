"""A document written as text is the one that lxml reads."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from opensegur.cda.noeud import NS, NS_PHARM, join, node

TEXTS = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")
    | st.sampled_from("<>&\"'\t\n\r")
)
NAMES = st.sampled_from(["code", "observation", "text", "id"])
ATTRIBUTES = st.dictionaries(st.sampled_from(["root", "extension", "code"]), TEXTS)
TREES = st.recursive(
    st.tuples(NAMES, ATTRIBUTES, st.just([]), TEXTS),
    lambda inner: st.tuples(NAMES, ATTRIBUTES, st.lists(inner, max_size=4), st.just("")),
    max_leaves=12,
)


def written(tree: tuple) -> str:  # type: ignore[type-arg]
    name, attributes, children, text = tree
    return node(name, *(written(each) for each in children), text, **attributes)


def read(element: etree._Element) -> tuple:  # type: ignore[type-arg]
    children = [read(child) for child in element]
    return etree.QName(element).localname, dict(element.attrib), children, element.text or ""


def expected(tree: tuple) -> tuple:  # type: ignore[type-arg]
    name, attributes, children, text = tree
    kept = {key: value for key, value in attributes.items() if value}
    return name, kept, [expected(each) for each in children], text


@given(TREES)
def test_what_is_written_is_what_is_read(tree: tuple) -> None:  # type: ignore[type-arg]
    root = etree.fromstring(node("ClinicalDocument", written(tree)).document())
    assert etree.QName(root).namespace == NS
    assert read(root[0]) == expected(tree)


@given(TEXTS)
def test_a_text_is_never_markup(text: str) -> None:
    root = etree.fromstring(node("text", join([text, None, node("br")])).document())
    assert (root.text or "") == text
    assert [etree.QName(each).localname for each in root] == ["br"]


def test_an_element_of_another_namespace_declares_it() -> None:
    root = etree.fromstring(node("section", node("formCode", namespace=NS_PHARM, code="C")).document())
    assert root[0].tag == f"{{{NS_PHARM}}}formCode"


def test_an_element_of_a_namespace_that_no_document_has_is_a_fault_of_ours() -> None:
    with pytest.raises(KeyError):
        node("a", namespace="urn:other")


def test_an_attribute_is_added_to_what_is_already_written() -> None:
    content = node("content", "a<b").with_attribute("ID", 'x"y')
    assert etree.fromstring(content.document()).get("ID") == 'x"y'
    assert content.endswith(">a&lt;b</content>")
