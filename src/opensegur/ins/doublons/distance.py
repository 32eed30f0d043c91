"""Whether two short words are at most one or two letters apart: what a screen asks fifty times at each keystroke."""

from __future__ import annotations


def within(one: str, two: str, most: int) -> bool:
    """Whether the Levenshtein distance of ``one`` and ``two`` is at most ``most`` (0, 1 or 2: it is a recursion)."""
    if one == two:
        return True
    if abs(len(one) - len(two)) > most or most == 0:
        return False
    begin, end_one, end_two = 0, len(one), len(two)
    shortest = min(end_one, end_two)
    while begin < shortest and one[begin] == two[begin]:
        begin += 1
    while end_one > begin and end_two > begin and one[end_one - 1] == two[end_two - 1]:
        end_one -= 1
        end_two -= 1
    left, right = one[begin:end_one], two[begin:end_two]
    if not left or not right:
        return len(left) + len(right) <= most
    if most == 1:
        return len(left) == 1 and len(right) == 1
    return (
        within(left[1:], right[1:], most - 1)
        or within(left[1:], right, most - 1)
        or within(left, right[1:], most - 1)
    )
