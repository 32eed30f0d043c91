"""What every service stands on: errors, safe XML, SOAP and MTOM, signatures, TLS, configuration, clock."""
