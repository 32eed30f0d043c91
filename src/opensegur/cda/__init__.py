"""CDA R2 documents of the CI-SIS: making, checking, reading and showing them.

``document.Entete`` holds a valid header, ``n1.build_n1`` makes the bytes of a document around a file,
``validation.validate_document`` judges any document, ``reading.read_document`` reads it into ``DocumentLu``,
``rendering.render_html`` shows it, ``versions.next_version`` prepares its replacement, ``pdf.to_pdfa`` converts what
is to be wrapped, ``testing`` gives ready values. No name is imported here: a caller takes only what it needs.
"""
