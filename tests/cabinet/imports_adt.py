"""An ADT message as a hospital's administration sends it."""

from __future__ import annotations

_INS = "282111412790088^^^ASIP-SANTE-INS-NIR&1.2.250.1.213.1.4.10&ISO^INS^^20240101"


def message(
    evenement: str = "A28",
    *,
    pi: str = "12",
    ins: str = _INS,
    statuts: str = "VALI",
    charset: str = "UNICODE UTF-8",
    mrg: str = "",
) -> str:
    ids = "~".join(filter(None, (f"{pi}^^^GAM&1.2.250.1.999&ISO^PI", ins)))
    segments = [
        rf"MSH|^~\&|GAM|HOPITAL|OPENSEGUR|CABINET|20261125||ADT^{evenement}^ADT_A05|1|P|2.5^FRA|||||FRA|{charset}",
        "EVN||20261125",
        f"PID|1||{ids}||LEVEQUE^ALICE^ALICE COLETTE^^^^L~VALLEE^ALI^^^^^D||19821130|F|||1 RUE DU BAC^^PARIS^^75007^FRA^H~^^^^^^BDL^^14127"
        + "|" * 21 + statuts,
    ]  # fmt: skip
    if mrg:
        segments.append(f"MRG|{mrg}^^^GAM&1.2.250.1.999&ISO^PI")
    return "\r".join(segments) + "\r"
