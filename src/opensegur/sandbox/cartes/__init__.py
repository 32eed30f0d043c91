"""The maker of CPx cards: certificates of the sandbox's authority and data objects, in tokens of SoftHSM2."""
