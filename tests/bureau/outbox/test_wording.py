"""What may stand in a message that leaves the portal."""

from string import Formatter

import pytest

from bureau.desk.contributions import notice_kinds

MAY_LEAVE = {"number", "paper"}


@pytest.mark.parametrize("kind", [kind for kind, _words in notice_kinds.items()])
def test_the_title_of_every_kind_of_message_names_nothing_but_number_and_paper(kind):
    title = str(notice_kinds.get(kind).title)

    named = {field for _text, field, _spec, _conversion in Formatter().parse(title) if field}

    assert named <= MAY_LEAVE
