from django.db import migrations

NAME = """
    UPDATE bureau_clock AS clock SET topic = issue.type_id FROM grid_issue AS issue
    WHERE clock.subject_id = issue.id AND clock.topic = ''
"""


class Migration(migrations.Migration):

    dependencies = [
        ('bureau', '0010_say_what_sort_of_subject_a_clock_is_about'),
        ('grid', '0002_say_why_an_assignment_ended'),
    ]

    operations = [migrations.RunSQL(NAME, migrations.RunSQL.noop)]
