"""The scanners, in one run: ``make securite``.

bandit reads ``src``; pip-audit asks the advisory services about ``constraints.txt``. Exit: 1 for a finding, else 0.
When no advisory service knows anything of our dependencies, nothing was checked: it is said, and it is no failure.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

_ROOT = Path(__file__).resolve().parent.parent
_SERVICES = ("pypi", "osv")
_LIMIT = 600  # seconds
INJOIGNABLE = "Avis de sécurité : aucun service n’a pu être joint ; les dépendances n’ont PAS été vérifiées."


def main() -> int:
    flaws = bandit("src")
    for flaw in flaws:
        print(flaw)
    print(f"bandit : {len(flaws)} constat(s)")
    advisories = audit(_ask)
    if advisories is None:
        print(INJOIGNABLE)
    else:
        for advisory in advisories:
            print(advisory)
        print(f"pip-audit : {len(advisories)} avis")
    return 1 if flaws or advisories else 0


def bandit(*folders: str) -> list[str]:
    """What bandit finds, a line each. Raises ``RuntimeError`` when it could not read everything."""
    command = [sys.executable, "-m", "bandit", "-q", "-c", "pyproject.toml", "-f", "json", "-r", *folders]
    done = subprocess.run(command, cwd=_ROOT, check=False, capture_output=True, text=True, timeout=_LIMIT)
    report = json.loads(done.stdout)
    if report["errors"] or not report["metrics"]["_totals"]["loc"]:
        raise RuntimeError(f"bandit did not read everything: {report['errors']}")
    return [
        f"{found['filename']}:{found['line_number']} {found['test_id']} {found['issue_text']}"
        for found in report["results"]
    ]


def audit(ask: Callable[[str], dict[str, Any] | None]) -> list[str] | None:
    """The advisories of the first service that knows our dependencies; None when none does.

    A mirror of packages without advisories answers, and finds nothing: dependencies that were all passed over are no
    proof.
    """
    for service in _SERVICES:
        report = ask(service)
        dependencies = report["dependencies"] if report else []
        looked_at = [each for each in dependencies if "skip_reason" not in each]
        if looked_at:
            return [
                f"{each['name']} {each['version']}: {flaw['id']}, corrigé en {', '.join(flaw['fix_versions']) or '—'}"
                for each in looked_at
                for flaw in each["vulns"]
            ]
    return None


def _ask(service: str) -> dict[str, Any] | None:
    command = [sys.executable, "-m", "pip_audit", "-s", service, "-r", "constraints.txt"]
    command += ["--no-deps", "--disable-pip", "-f", "json", "--progress-spinner", "off"]
    done = subprocess.run(command, cwd=_ROOT, check=False, capture_output=True, text=True, timeout=_LIMIT)
    try:
        report: dict[str, Any] = json.loads(done.stdout)
    except ValueError:
        return None
    return report


if __name__ == "__main__":
    sys.exit(main())
