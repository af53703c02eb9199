from django.db import migrations

NAME = """
    UPDATE bureau_clock AS clock SET topic = 'case' FROM cases_case AS found
    WHERE clock.subject_id = found.id AND clock.topic = ''
"""


class Migration(migrations.Migration):

    dependencies = [
        ('bureau', '0010_say_what_sort_of_subject_a_clock_is_about'),
        ('cases', '0001_open_and_file_cases'),
    ]

    operations = [migrations.RunSQL(NAME, migrations.RunSQL.noop)]
