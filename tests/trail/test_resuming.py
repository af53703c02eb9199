"""An honest restore is named: by the next root, by every check afterwards, and with what was lost."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from bureau.desk.models import TrailRoot
from bureau.desk.sealing import places
from bureau.desk.sealing.readings import holdings, key_ring
from bureau.desk.sealing.sealer import seal
from bureau.proofs.judgement import judge
from bureau.proofs.roots import read_roots
from tests import make
from tests.trail import scene as stage
from tests.trail.scene import export, told_by

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(tmp_path, settings):
    settings.KEYS_DIR = tmp_path / "keys"
    settings.ROOTS_DIR = tmp_path / "second"
    settings.ROOTS_DIR.mkdir()
    made = stage.set_scene(tmp_path)
    places.carry_out()
    stage.restore_yesterday()
    return made


def resume() -> str:
    out = StringIO()
    call_command("resume_roots", stdout=out)
    return out.getvalue()


def test_after_a_restore_roots_go_on_after_the_last_one_outside(scene, settings):
    assert places.state().fault == "differs"

    said = resume()
    make.issue_in("filed", make.unit("pujiang"))
    seal(at=make.minutes(300))

    assert said.startswith("root 4 goes on after root 3 outside; the portal was set back to root 2")
    assert list(TrailRoot.objects.values_list("n", flat=True)) == [1, 2, 4, 5]
    assert places.carry_out() == 2
    assert places.state().newest == 5


def test_the_restore_and_what_it_lost_is_told_to_whoever_holds_roots_from_before_it(scene, settings, tmp_path):
    resume()
    places.carry_out()

    status, told = told_by(scene.verifier, export(tmp_path / "export"), "--roots", str(settings.ROOTS_DIR))

    assert (status, told) == (1, [("set-back", "root", 3)])
    words = str(next(judge(holdings(), read_roots(settings.ROOTS_DIR)[0], key_ring())))
    assert "set back to root 2" in words
    assert "what you hold of" in words


def test_the_portals_own_proof_holds_after_a_restore(scene):
    resume()

    assert list(judge(holdings(), {}, key_ring())) == []


def test_what_is_changed_after_a_restore_is_located_as_before(scene, settings, tmp_path):
    resume()
    victim = scene.lines()[1]
    stage.unguarded(("UPDATE bureau_entry SET note = 'x' WHERE id = %s", [victim.pk]))

    _, told = told_by(scene.verifier, export(tmp_path / "export"), "--roots", str(settings.ROOTS_DIR))

    assert told == [("set-back", "root", 3), ("edited", scene.chain, 2)]


def test_roots_that_were_sealed_between_the_restore_and_the_word_of_it_are_no_fault(scene, settings, tmp_path):
    make.issue_in("filed", make.unit("pujiang"))
    seal(at=make.minutes(200))
    assert TrailRoot.objects.latest("n").n == 3

    resume()

    assert list(judge(holdings(), {}, key_ring())) == []
    _, told = told_by(scene.verifier, export(tmp_path / "export"), "--roots", str(settings.ROOTS_DIR))
    assert told == [("set-back", "root", 3)]


def test_a_portal_that_claims_a_restore_with_a_root_that_the_outside_does_not_hold_is_seen(scene, settings, tmp_path):
    resume()
    root = TrailRoot.objects.latest("n")
    wrong = root.text.replace(read_roots(settings.ROOTS_DIR)[0][3].digest, "0" * 64)
    stage.unguarded(("UPDATE bureau_trailroot SET text = %s WHERE n = %s", [wrong, root.n]))

    _, told = told_by(scene.verifier, export(tmp_path / "export"), "--roots", str(settings.ROOTS_DIR))

    assert ("root-replaced", "root", root.n) in told


def test_where_nothing_was_set_back_there_is_nothing_to_resume(scene):
    resume()
    places.carry_out()

    with pytest.raises(CommandError, match="nothing was set back"):
        resume()
