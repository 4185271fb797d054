from django.db import connection, migrations


class Migration(migrations.Migration):
    # What PostgreSQL keeps for later when a text is indexed (1,000 pairs an article) has to be read
    # through by every search until then, and looks so dear to it that it leaves the index alone.
    dependencies = [("wagtailsearch", "0010_add_text_fields")]
    operations = (
        [
            migrations.RunSQL(
                f"ALTER INDEX {name} SET (fastupdate = off)",
                f"ALTER INDEX {name} RESET (fastupdate)",
            )
            for name in ("wagtailsear_title_9caae0_gin", "wagtailsear_body_90c85d_gin")
        ]
        if connection.vendor == "postgresql"
        else []
    )
