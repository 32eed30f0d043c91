"""``opensegur ins check`` and ``format``: a matricule, judged and written."""

from __future__ import annotations

import json

import click

_INVALID = 3
_OIDS = {"nir": "1.2.250.1.213.1.4.8", "nia": "1.2.250.1.213.1.4.9", "test": "1.2.250.1.213.1.4.10"}

_oid = click.option(
    "--oid",
    default="nir",
    show_default=True,
    metavar="nir|nia|test|OID",
    help="L’autorité du matricule : sans elle, un matricule n’est pas une INS.",
)
_json = click.option("--json", "as_json", is_flag=True, help="Sortie lisible par un programme.")


@click.command()
@click.argument("matricule")
@_oid
@_json
def check(*, matricule: str, oid: str, as_json: bool) -> int:
    """Contrôler un matricule INS : forme, mois, département, clé.

    Code de sortie : 0 s’il est bon, 3 sinon.
    """
    from opensegur.foundation.errors import InvalidValue
    from opensegur.ins import compute_key, parse_matricule

    try:
        found = parse_matricule(matricule, _OIDS.get(oid, oid))
    except InvalidValue as error:
        answer: dict[str, object] = {"valide": False, "code": error.code, "message": error.message}
        if error.code == "INS_MATRICULE_CLE":
            answer["cle_attendue"] = compute_key("".join(matricule.split()).upper()[:13])
        if as_json:
            click.echo(json.dumps(answer, ensure_ascii=False, indent=2))
        else:
            click.echo(f"{error.message} [{error.code}]")
            if "cle_attendue" in answer:
                click.echo(f"Pour ces 13 caractères, la clé est {answer['cle_attendue']}.")
            click.echo(f"À faire : {error.conseil}")
        return _INVALID
    if as_json:
        values = {"valide": True, "matricule": found.valeur, "oid": found.oid, "ecrit": found.formatted()}
        click.echo(json.dumps(values, ensure_ascii=False, indent=2))
    else:
        click.echo(f"{found.formatted()} : matricule bien formé, clé juste.")
    return 0


@click.command("format")
@click.argument("matricule")
@_oid
@_json
def format_matricule(*, matricule: str, oid: str, as_json: bool) -> int:
    """Écrire un matricule INS par groupes, comme il s’imprime."""
    from opensegur.ins import parse_matricule

    found = parse_matricule(matricule, _OIDS.get(oid, oid))
    click.echo(json.dumps({"ecrit": found.formatted()}) if as_json else found.formatted())
    return 0
