"""What a professional writes in a form: interviews, certificates, letters. Drafts are kept."""
