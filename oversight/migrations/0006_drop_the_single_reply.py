from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("oversight", "0005_move_replies_into_rows")]

    operations = [
        migrations.RemoveConstraint(
            model_name='paper',
            name='a_reply_names_who_and_when',
        ),
        migrations.RemoveField(
            model_name='paper',
            name='replied_by',
        ),
        migrations.RemoveField(
            model_name='paper',
            name='reply',
        ),
        migrations.AddConstraint(
            model_name='paper',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status', 'issued'), _negated=True), models.Q(('received_at', None), ('replied_at', None)), _connector='OR'), name='what_is_not_signed_for_is_not_answered'),
        ),
    ]
