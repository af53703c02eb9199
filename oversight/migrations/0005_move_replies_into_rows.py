from django.db import migrations


def move(apps, schema_editor):
    """Each answer becomes the first row of its paper; none was ever judged."""
    paper, reply = apps.get_model("oversight", "Paper"), apps.get_model("oversight", "PaperReply")
    paper.objects.filter(received_at__isnull=False).update(status="received")
    answered = paper.objects.filter(replied_at__isnull=False)
    reply.objects.bulk_create(
        [
            reply(paper_id=one.pk, serial=1, text=one.reply, by_id=one.replied_by_id, at=one.replied_at)
            for one in answered.iterator()
        ],
        batch_size=1000,
    )
    answered.update(status="answered")


class Migration(migrations.Migration):
    dependencies = [("oversight", "0004_keep_replies_as_rows")]
    operations = [migrations.RunPython(move, migrations.RunPython.noop, elidable=True)]
