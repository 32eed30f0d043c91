"""The practice as a service of the system: what systemd and the Task Scheduler of Windows are given.

Sources: systemd.exec(5), systemd.service(5); Task Scheduler Schema 1.2.
"""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

from opensegur.foundation.errors import InvalidValue

NOM = "opensegur"
# the account of Windows that has no right but those it is given
_LOCAL_SERVICE = "S-1-5-19"
_NUMERO = 65536


@dataclass(frozen=True, slots=True)
class Service:
    """``programme`` and ``arguments``: the command; ``donnees``: what it may write; ``compte``: under which account.

    Raises ``InvalidValue``: a unit file is made of lines.
    """

    programme: tuple[str, ...]
    arguments: tuple[str, ...]
    donnees: Path
    compte: str = NOM

    def __post_init__(self) -> None:
        if any(character in word for word in (*self.commande, self.compte) for character in "\r\n\0"):
            raise InvalidValue(
                "SERVICE_NOM", "Un nom de fichier ne peut pas tenir sur deux lignes.", conseil="Renommez-le."
            )

    @property
    def commande(self) -> tuple[str, ...]:
        return (*self.programme, *self.arguments)


def systemd_unit(service: Service) -> str:
    """For ``/etc/systemd/system/opensegur.service``: it may write its data folder, and listen below 1024."""
    folder = _systemd_word(str(service.donnees))
    return f"""\
[Unit]
Description=OpenSégur, le cabinet
Wants=network-online.target
After=network-online.target

[Service]
ExecStart={" ".join(map(_systemd_word, service.commande))}
User={service.compte}
Group={service.compte}
Restart=on-failure
RestartSec=5
TimeoutStopSec=60
LimitNOFILE={_NUMERO}
UMask=0077

AmbientCapabilities=CAP_NET_BIND_SERVICE
CapabilityBoundingSet=CAP_NET_BIND_SERVICE
NoNewPrivileges=yes
ProtectSystem=strict
ReadWritePaths={folder}
ProtectHome=read-only
PrivateTmp=yes
PrivateDevices=yes
ProtectClock=yes
ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectProc=invisible
ProcSubset=pid
RemoveIPC=yes
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX AF_NETLINK
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged @resources
SystemCallErrorNumber=EPERM

[Install]
WantedBy=multi-user.target
"""


def windows_task(service: Service) -> str:
    """For ``schtasks /Create /XML``: at the start of the machine, without end, started again when it fails.

    The command line of schtasks alone would stop it after three days, and on battery.
    """
    program, *arguments = service.commande
    return f"""\
<?xml version="1.0" encoding="UTF-16"?>
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <RegistrationInfo><Description>OpenSégur, le cabinet</Description></RegistrationInfo>
  <Triggers><BootTrigger><Enabled>true</Enabled></BootTrigger></Triggers>
  <Principals>
    <Principal id="Author"><UserId>{_LOCAL_SERVICE}</UserId><RunLevel>LeastPrivilege</RunLevel></Principal>
  </Principals>
  <Settings>
    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
    <StartWhenAvailable>true</StartWhenAvailable>
    <ExecutionTimeLimit>PT0S</ExecutionTimeLimit>
    <RestartOnFailure><Interval>PT1M</Interval><Count>999</Count></RestartOnFailure>
  </Settings>
  <Actions Context="Author">
    <Exec>
      <Command>{escape(program)}</Command>
      <Arguments>{escape(_windows_line(arguments))}</Arguments>
      <WorkingDirectory>{escape(str(service.donnees))}</WorkingDirectory>
    </Exec>
  </Actions>
</Task>
"""


def systemd_steps(service: Service, file: str) -> tuple[str, ...]:
    """What to type once the unit is in ``file``, as root."""
    folder = _shell_word(str(service.donnees))
    return (
        f"useradd --system --no-create-home --shell /usr/sbin/nologin {service.compte}",
        f"chown -R {service.compte}: {folder}",
        f"install -m 644 {_shell_word(file)} /etc/systemd/system/{NOM}.service",
        f"systemctl daemon-reload && systemctl enable --now {NOM}",
    )


def windows_steps(service: Service, file: str) -> tuple[str, ...]:
    """What to type once the task is in ``file``, in a terminal of the administrator."""
    folder = str(service.donnees)
    return (
        f'icacls "{folder}" /inheritance:r /grant:r "*{_LOCAL_SERVICE}:(OI)(CI)F" "*S-1-5-32-544:(OI)(CI)F"',
        f'schtasks /Create /TN OpenSegur /XML "{file}"',
        "schtasks /Run /TN OpenSegur",
    )


def _systemd_word(word: str) -> str:
    """Quoted: systemd reads specifiers, variables and backslashes inside."""
    plain = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return plain if plain and not any(each in plain for each in " \t'\"\\;") else f'"{plain}"'


def _windows_line(words: Sequence[str]) -> str:
    # neither an address nor a path of Windows holds a double quote; a final backslash would escape ours
    return " ".join(f'"{word.rstrip(chr(92))}"' if " " in word else word for word in words)


def _shell_word(word: str) -> str:
    return shlex.quote(word)
