from django.db import migrations

QUEUE = """
    INSERT INTO bureau_unsealed (kind, row, subject_type_id, subject_id, seq, hash)
    SELECT 'entry', id::text, subject_type_id, subject_id, seq, hash FROM bureau_entry ORDER BY bureau_entry.id;
    INSERT INTO bureau_unsealed (kind, row, subject_type_id, subject_id, seq, hash)
    SELECT 'file', id::text, NULL, id, 1, sha256 FROM bureau_document ORDER BY bureau_document.id;
"""


class Migration(migrations.Migration):
    """What was written before there were roots is sealed by the first ones."""

    dependencies = [("bureau", "0007_seal_the_trail")]

    operations = [migrations.RunSQL(QUEUE, migrations.RunSQL.noop)]
