"""The agent of a workstation: what is plugged in here, lent to the one server that it is paired with.

It listens on loopback alone. ``service.Agent`` answers requests, ``serveur.ServeurPoste`` serves it.
"""
