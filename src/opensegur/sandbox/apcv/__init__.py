"""The appli carte Vitale service: tokens, contexts, beneficiaries. Its messages are ours; see the catalogue."""
