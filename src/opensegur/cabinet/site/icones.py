"""The few icons of the interface, drawn on a grid of 24 with one stroke."""

from __future__ import annotations

ICONES: dict[str, str] = {
    "jour": '<rect x="4" y="5" width="16" height="15" rx="2"/><path d="M4 10h16M9 3v4M15 3v4"/>',
    "patients": '<circle cx="9" cy="8" r="3.5"/><path d="M3 20c0-4 2.7-6 6-6s6 2 6 6M16 5a3.5 3.5 0 0 1 0 6.6'
    'M18 14.6c1.9.8 3 2.7 3 5.4"/>',
    "envois": '<path d="M4 12 20 4l-5 16-3.5-6.5zM11.5 13.5 20 4"/>',
    "journal": '<path d="M6 3h10l3 3v15H6zM9.5 10h6M9.5 14h6M9.5 18h3"/>',
    "aide": '<circle cx="12" cy="12" r="9"/><path d="M9.4 9.3a2.7 2.7 0 1 1 3.9 2.5c-.8.4-1.3 1-1.3 1.9M12 17v.1"/>',
    "sortir": '<path d="M14 4H6v16h8M10 12h10M17 9l3 3-3 3"/>',
    "provisoire": '<path d="M12 4 21 19.5H3zM12 10v4.2M12 17v.1"/>',
    "recuperee": '<path d="M7 18a4 4 0 0 1-.6-8 6 6 0 0 1 11.5 1.2A3.5 3.5 0 0 1 17.5 18M12 11v9M9 17l3 3 3-3"/>',
    "validee": '<rect x="3" y="6" width="18" height="13" rx="2"/><circle cx="8.5" cy="11.5" r="2"/>'
    '<path d="M5.5 16c.4-1.4 1.5-2 3-2s2.6.6 3 2M14.5 11h4M14.5 14.5h4"/>',
    "qualifiee": '<path d="M12 3 20 6v6c0 4.6-3.3 7.7-8 9-4.7-1.3-8-4.4-8-9V6zM8.5 12l2.5 2.5 4.5-5"/>',
    "equipe": '<circle cx="8" cy="8" r="3"/><circle cx="16.500" cy="8" r="2.500"/>'
    '<path d="M2.500 19c0-3.600 2.400-5.500 5.500-5.500s5.500 1.900 5.500 5.500"/>'
    '<path d="M15 13.200c3.300-.6 6.500 1.300 6.500 5.300"/>',
    "scan": '<path d="M4 8V4h4M16 4h4v4M20 16v4h-4M8 20H4v-4"/><path d="M8 8v8M11 8v8M13.5 8v8M16 8v8"/>',
    "carte": '<rect x="3" y="6" width="18" height="12" rx="2"/><path d="M6.500 10h4v4h-4zM14 10.500h4M14 13.500h3"/>',
    "camera": '<path d="M4 8h3l1.500-2h7L17 8h3v11H4z"/><circle cx="12" cy="13" r="3.200"/>',
    "cadenas": '<rect x="5" y="11" width="14" height="9" rx="2"/><path d="M8 11V8a4 4 0 0 1 8 0v3"/>',
    "cle": '<circle cx="8" cy="12" r="4.500"/><path d="M12.500 12H21M17.500 12v3.500M21 12v2.500"/>',
    "loupe": '<circle cx="10.5" cy="10.5" r="6.5"/><path d="m15.5 15.5 5 5"/>',
    "plus": '<path d="M12 5v14M5 12h14"/>',
    "importer": '<path d="M12 4v10M8 10.5l4 4 4-4M4 16v4h16v-4"/>',
    "fleche": '<path d="M5 12h14M13 6l6 6-6 6"/>',
    "avant": '<path d="M14.5 5.5 8 12l6.5 6.5"/>',
    "apres": '<path d="M9.5 5.5 16 12l-6.5 6.5"/>',
    "menu": '<path d="M5 12v.1M12 12v.1M19 12v.1"/>',
    "bannette": '<path d="M4 13 6.500 5h11L20 13v6H4zM4 13h5l1.500 2.500h3L15 13h5"/>',
    "egal": '<path d="m5 12.5 4.5 4.500L19 7.5"/>',
    "different": '<path d="M6 9h12M6 15h12M15.5 5l-7 14"/>',
    "info": '<circle cx="12" cy="12" r="9"/><path d="M12 11v5.500M12 7.500v.1"/>',
    "alerte": '<path d="M12 4 21 19.500H3zM12 10v4.200M12 17v.1"/>',
    "horloge": '<circle cx="12" cy="12" r="9"/><path d="M12 7v5l3.5 2"/>',
    "psc": '<rect x="7" y="3" width="10" height="18" rx="2"/><path d="M10.5 18h3M9.8 10.500l1.7 1.7 3-3.2"/>',
    "piece": '<rect x="3" y="5" width="18" height="14" rx="2"/><circle cx="8.5" cy="11" r="2"/>'
    '<path d="M5.5 16c.4-1.4 1.5-2.2 3-2.200s2.6.8 3 2.200M14.5 9.500H18M14.5 13H18"/>',
}
