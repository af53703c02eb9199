"""Who may take roots and exports away, by page and by API."""

import io
import json
import zipfile

import pytest
from django.core.cache import cache

from bureau.desk.models import Entry, TrailRoot
from bureau.desk.sealing.sealer import seal
from bureau.models import Role
from bureau.proofs.keys import KeyRing
from bureau.proofs.roots import Root, faults_of_series, read_roots
from bureau.proofs.trail import faults_of_export
from tests import make

pytestmark = pytest.mark.django_db
CHECKERS = (Role.DISTRICT_SUPERVISION, Role.AUDITOR, Role.SUPERVISION, Role.SYSADMIN)


@pytest.fixture(autouse=True)
def three_roots(settings, tmp_path):
    cache.clear()
    settings.KEYS_DIR = tmp_path / "keys"
    settings.ROOTS_DIR = None
    for place, slug in enumerate(("qibao", "meilong", "pujiang"), start=1):
        make.issue_in("filed", make.unit(slug))
        seal(at=make.minutes(10 * place))


def signed_in(client, role):
    client.force_login(make.officer(make.unit("qibao"), role), backend="bureau.sign_in.StaffNumberOrMobileBackend")
    return client


@pytest.mark.parametrize("role", CHECKERS)
def test_whoever_checks_the_trail_takes_all_roots_away(client, role, tmp_path):
    page = signed_in(client, role).get("/trail/")
    taken = b"".join(client.get("/trail/roots.jsonl").streaming_content)
    ring = KeyRing(client.get("/trail/keys.json").json())

    (tmp_path / "roots.jsonl").write_bytes(taken)
    roots, unread = read_roots(tmp_path / "roots.jsonl")
    assert page.status_code == 200
    assert (sorted(roots), unread) == ([1, 2, 3], [])
    assert list(faults_of_series(roots, ring, gaps=True, whose="yours")) == []


@pytest.mark.parametrize("role", [Role.SQUAD_LEADER, Role.DIRECTOR, Role.OPERATOR, Role.PARTNER])
@pytest.mark.parametrize("address", ["/trail/", "/trail/roots.jsonl", "/trail/roots/1/", "/api/v1/trail/roots/1/"])
def test_for_others_there_are_no_roots(client, role, address):
    assert signed_in(client, role).get(address).status_code == 404


def test_only_what_is_new_is_taken(client):
    signed_in(client, Role.DISTRICT_SUPERVISION)

    taken = b"".join(client.get("/trail/roots.jsonl?from=3").streaming_content)

    assert [Root.read(line).n for line in taken.decode().splitlines()] == [3]


def test_the_api_lists_roots_and_answers_each_as_the_verifier_reads_it(client):
    signed_in(client, Role.DISTRICT_SUPERVISION)

    listed = client.get("/api/v1/trail/roots/?ordering=-n").json()["results"]
    one = Root.read(client.get("/api/v1/trail/roots/2/").content.decode())

    assert [row["n"] for row in listed] == [3, 2, 1]
    assert listed[1]["digest"] == one.digest
    assert one.fault(KeyRing(client.get("/trail/keys.json").json())) == ""


def test_everybody_may_keep_the_signed_headers_which_name_no_line(client):
    told = client.get("/trail/headers.jsonl?from=2").content.decode()

    roots = [Root.read(line) for line in told.splitlines()]
    ring = KeyRing(client.get("/trail/keys.json").json())
    assert [(root.n, root.load, root.fault(ring)) for root in roots] == [(2, None, ""), (3, None, "")]
    assert str(Entry.objects.first().subject_id) not in told


def test_everybody_may_fetch_the_verifier(client):
    verifier = client.get("/trail/verifier.pyz").content

    assert "bureau/proofs/trail.py" in zipfile.ZipFile(io.BytesIO(verifier)).namelist()


def test_an_export_of_a_day_verifies_and_stands_on_the_trail_of_whoever_took_it(client, tmp_path):
    auditor = make.officer(make.unit("qibao"), Role.AUDITOR)
    client.force_login(auditor, backend="bureau.sign_in.StaffNumberOrMobileBackend")

    answer = client.post("/trail/", {"start": "2026-06-22", "end": "2026-06-22"})
    zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))).extractall(tmp_path)

    assert list(faults_of_export(tmp_path / "export")) == []
    assert json.loads((tmp_path / "export" / "export.json").read_text())["roots"] == 3
    assert Entry.objects.about(auditor).latest("seq").verb == "export_trail"


def test_district_supervision_takes_roots_and_no_export(client):
    signed_in(client, Role.DISTRICT_SUPERVISION)

    assert client.post("/trail/", {"start": "2026-06-22", "end": "2026-06-22"}).status_code == 404


@pytest.mark.parametrize(
    ("days", "field"),
    [
        ({"start": "2026-06-22", "end": "2026-06-21"}, "end"),
        ({"start": "2020-01-01", "end": "2020-01-02"}, "start"),
        ({"start": "x"}, "end"),
    ],
)
def test_days_that_make_no_export_are_refused_at_their_field(client, days, field):
    answer = signed_in(client, Role.AUDITOR).post("/trail/", days)

    assert answer.status_code == 400
    assert field in answer.context["form"].errors


def test_the_page_says_when_the_sealer_is_late(client):
    make.issue_in("filed", make.unit("qibao"))

    told = signed_in(client, Role.AUDITOR).get("/trail/", HTTP_ACCEPT_LANGUAGE="en").content.decode()

    assert "the sealer is late" in told or "封签已逾时" in told


def test_the_page_costs_a_fixed_number_of_queries(client, django_assert_max_num_queries):
    signed_in(client, Role.AUDITOR)

    with django_assert_max_num_queries(16):
        client.get("/trail/")

    assert TrailRoot.objects.count() == 3
