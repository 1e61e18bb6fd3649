"""Are files of the workbook kept, handed out as downloads to the right people, and refused when they are odd?"""

from urllib.request import urlopen

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from iem_portal.settings import attachment_store
from tests import factories
from workbook import editions, rows
from workbook.attachments import files, kinds
from workbook.models import Attachment, Cell, CellChange
from workbook.types import InvalidValue

PDF = b"%PDF-1.7 a diagram"
FIELD = "ar_diagram"
ROW_FIELD = "bn_evidence_file"


def upload(name="diagram.pdf", content=PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


@pytest.fixture
def shelf(settings, tmp_path):
    """Files of the test's own."""
    options = {"location": tmp_path / "files"}
    backend = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": options}
    settings.STORAGES = settings.STORAGES | {"attachments": backend}


@pytest.fixture
def keep(shelf, engagement, tam):
    """Attach a file to a field of WB11's form."""
    section = editions.section(engagement, "wb11")

    def attach(file=None, field=FIELD):
        table = section.table_of[field]
        return files.attach(
            engagement=engagement, section=section, table=table, row="form", field=field,
            upload=file or upload(), by=tam, now=timezone.now(),
        )  # fmt: skip

    return attach


def address(engagement, rest):
    return f"/e/{engagement.reference}/workbook/{rest}"


@pytest.mark.parametrize(
    ("name", "head", "kind"),
    [
        ("a.pdf", PDF, "application/pdf"),
        ("a.PNG", b"\x89PNG\r\n\x1a\n..", "image/png"),
        ("notes.txt", "한글".encode(), "text/plain"),
        ("notes.txt", "한글".encode("utf-16"), "text/plain"),
        ("a.svg", b"<svg onload=alert(1)>", kinds.OCTETS),
        ("a.pdf", b"MZ\x90", None),
        ("a.txt", b"MZ\x90\x00", None),
        ("a.exe", b"MZ", None),
        ("a.html", b"<html>", None),
        ("a.xlsm", b"PK\x03\x04", None),
        ("a", b"plain", None),
    ],
)
def test_a_kind_is_told_by_ending_and_beginning(name, head, kind):
    assert kinds.media_type(name, head) == kind


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\me\\plan.pdf", "plan.pdf"),
        ("a\x1b[2Jb.pdf", "a[2Jb.pdf"),
        ("구성도.pdf", "구성도.pdf"),
        ("x" * 300 + ".pdf", "x" * 150 + ".pdf"),
    ],
)
def test_a_name_keeps_what_is_harmless(name, kept):
    assert kinds.safe_name(name) == kept


@pytest.mark.django_db
def test_a_file_becomes_the_value_of_its_field_and_a_line_of_history(keep, engagement):
    one, two = keep(), keep(upload("later.pdf"))
    assert Cell.objects.get(field=FIELD).value == [one.key, two.key]
    assert CellChange.objects.filter(how="file_added").count() == 2


@pytest.mark.django_db
def test_a_removed_file_leaves_its_field_but_not_its_history(keep, engagement, tam):
    one = keep()
    section = editions.section(engagement, "wb11")
    files.remove(engagement=engagement, section=section, file=one.pk, by=tam, now=timezone.now())
    assert Cell.objects.get(field=FIELD).value is None
    assert CellChange.objects.get(how="file_removed").value_from == "diagram.pdf"
    with pytest.raises(files.FileMissing):
        files.find(engagement, one.pk)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "file", [upload("a.exe", b"MZ"), upload("a.pdf", b""), upload("a.pdf", b"not a pdf")]
)
def test_an_odd_file_is_refused_and_nothing_is_kept(keep, file):
    with pytest.raises(InvalidValue):
        keep(file)
    assert not Attachment.objects.exists()


@pytest.mark.django_db
def test_a_file_that_is_too_long_is_refused(keep, monkeypatch):
    monkeypatch.setattr(files, "MAX_BYTES", 10)
    with pytest.raises(InvalidValue, match="at most"):
        keep()


@pytest.mark.django_db
def test_a_download_is_never_shown_in_the_page(keep, as_user, customer_lead, engagement):
    found = keep(upload("a.svg", b"<svg><script>alert(1)</script></svg>"))
    answer = as_user(customer_lead).get(address(engagement, f"files/{found.pk}/"))
    assert answer.content.startswith(b"<svg>")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Content-Type"] == kinds.OCTETS
    assert "sandbox" in answer.headers["Content-Security-Policy"]


@pytest.mark.django_db
def test_another_customers_file_is_not_there(keep, as_user, engagement):
    found = keep()
    other = factories.engagement()
    client = as_user(factories.member(other, "customer_lead"))
    assert client.get(address(other, f"files/{found.pk}/")).status_code == 404
    assert client.get(address(engagement, f"files/{found.pk}/")).status_code == 404


@pytest.mark.django_db
def test_the_panel_attaches_lists_and_removes(shelf, as_user, tam, engagement):
    client = as_user(tam)
    form = {"row": "form", "field": FIELD, "file": upload()}
    client.post(address(engagement, "wb11/files/"), form)
    file = Attachment.objects.get()
    panel = client.get(address(engagement, f"wb11/cell/?row=form&field={FIELD}")).content.decode()
    assert "diagram.pdf" in panel
    client.post(address(engagement, f"wb11/files/{file.pk}/remove/"))
    assert not Attachment.objects.filter(removed_at=None).exists()


@pytest.mark.django_db
def test_a_refused_file_is_explained_beside_its_button(shelf, as_user, tam, engagement):
    form = {"row": "form", "field": FIELD, "file": upload("a.exe", b"MZ")}
    answer = as_user(tam).post(address(engagement, "wb11/files/"), form, headers={"HX-Request": "true"})
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.content.decode()


@pytest.mark.django_db
def test_a_value_names_only_files_of_its_own_engagement(keep, as_user):
    found = keep()
    other = factories.engagement()
    client = as_user(factories.member(other, "customer_lead"))
    data = {"row": "form", "field": FIELD, "value": found.key, "base_version": 0}
    assert client.post(address(other, "wb11/cells/"), data).status_code == 422


@pytest.mark.django_db
def test_what_is_edited_means_the_same_when_it_is_saved_again(keep, engagement):
    from workbook import types

    keep(upload("plan, late.pdf"))
    field = editions.section(engagement, "wb11").field(FIELD)
    value = [*Cell.objects.get(field=FIELD).value, "https://wiki.example/a,b"]
    setting = types.Setting.of(engagement)
    assert types.clean(field, types.edit(field, value, setting), setting) == value


@pytest.fixture
def bucket(settings, monkeypatch):
    """A bucket of a simulated S3, spoken to over HTTP as the real one."""
    import boto3
    from moto.moto_server.threaded_moto_server import ThreadedMotoServer

    server = ThreadedMotoServer(port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    address = f"http://{host}:{port}"
    keys = {"AWS_ACCESS_KEY_ID": "simulated", "AWS_SECRET_ACCESS_KEY": "simulated", "AWS_REGION": "us-east-1"}
    for name, value in keys.items():
        monkeypatch.setenv(name, value)
    boto3.client("s3", endpoint_url=address, region_name="us-east-1").create_bucket(Bucket="workbook")
    store = attachment_store("workbook", settings.DATA_DIR)
    store["OPTIONS"] |= {"endpoint_url": address, "region_name": "us-east-1"}
    settings.STORAGES = settings.STORAGES | {"attachments": store}
    yield address
    server.stop()


@pytest.mark.django_db
@pytest.mark.once
def test_a_file_in_s3_is_handed_out_by_an_address_that_expires(bucket, as_user, tam, engagement):
    client = as_user(tam)
    client.post(address(engagement, "wb11/files/"), {"row": "form", "field": FIELD, "file": upload()})
    answer = client.get(address(engagement, f"files/{Attachment.objects.get().pk}/"))
    assert answer.status_code == 302
    assert "X-Amz-Expires=300" in answer.url
    with urlopen(answer.url) as found:
        assert found.read() == PDF
        assert found.headers["Content-Disposition"] == 'attachment; filename="diagram.pdf"'


def test_a_file_of_a_deleted_row_cannot_be_taken_away(book, shelf, as_user):
    section = book.section_of("tests")
    row = book.add("tests")
    field = next(field.key for field in section.table("tests").fields if field.type in files.NAMING)
    kept = files.attach(
        engagement=book.engagement, section=section, table=section.table("tests"), row=row.pk, field=field,
        upload=upload(), by=book.by, now=book.now,
    )  # fmt: skip
    rows.delete(engagement=book.engagement, row=row.pk, by=book.by, now=book.now)
    gone = as_user(book.by).post(address(book.engagement, f"{section.key}/files/{kept.pk}/remove/"))
    assert gone.status_code == 404
    kept.refresh_from_db()
    assert kept.removed_at is None


def test_a_copied_row_has_files_of_its_own(shelf, book, tam):
    """Taking the file out of one row leaves the other's: the entry is another one, the bytes are the same."""
    section = book.section_of(ROW_FIELD)
    table = section.table_of[ROW_FIELD]
    row = book.add(table.key)
    words = {"engagement": book.engagement, "section": section, "by": tam, "now": book.now}
    first = files.attach(table=table, row=row.pk, field=ROW_FIELD, upload=upload(), **words)
    copy = rows.duplicate(engagement=book.engagement, row=row.pk, by=tam, now=book.now)
    second = Attachment.objects.get(row=copy)
    assert Cell.objects.get(row=copy, field=ROW_FIELD).value == [second.key]
    assert (second.stored_as, second.pk == first.pk) == (first.stored_as, False)
    files.remove(file=first.pk, **words)
    assert not Cell.objects.get(row=row, field=ROW_FIELD).value
    assert files.find(book.engagement, second.pk).name == first.name
    with files.store().open(second.stored_as) as kept:
        assert kept.read() == PDF
