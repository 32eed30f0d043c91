"""The simulator of the INSi teleservice: SOAP 1.2 over mutual TLS, the search by traits."""
