from django.core.management import call_command

from bureau.desk.contributions import workflows


def test_the_drawings_in_the_docs_are_what_the_tables_say():
    call_command("draw_flows", "--check")


def test_every_status_that_is_entered_is_left_or_final():
    for _name, flow in workflows.items():
        reached = {move.target for move in flow.table}

        assert {source for move in flow.table for source in move.sources} <= reached
