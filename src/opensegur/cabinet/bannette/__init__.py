"""Files that arrive in a heap: those that bear a code INS file themselves, the others wait for one key."""
