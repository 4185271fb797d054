"""投稿: what people send in, from the form to the printed article, and to its erasure.

    sending     urls, views, forms; receiving (the body), guard, proof, refusals; intake, codes
    files       uploads, pdfs, scanning, vault; contact data: newsroom.sealing, rotation
    the inbox   viewsets, filters, dashboard, bulk_actions, star_view, find_view, exports, tables
    one piece   detail_views, detail_forms, attached_words, file_views; who saw it: visits
    work        triage (the verbs), permissions, conversion, article_link, certificates
    people      records, record_views
    seen before similar (pure), duplicates, tracing
    mail        outbox, mails
    keeping     retention, unprinted, checks, management/commands/tend_contributions

How it is run: docs/contributions.md; why it is so: docs/adr/0008-contributions.md.
"""
