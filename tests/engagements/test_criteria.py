"""Success criteria: one field at a time, both sides' agreement, conflicts with both values, the measured number."""

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from engagements import criteria
from engagements.criteria import NewCriterion
from engagements.errors import Conflict, InvalidValue
from engagements.models import Role, SuccessCriterion
from engagements.verdict import is_met, target_text
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def criterion(engagement, tam, now):
    new = NewCriterion("Error rate", Decimal("1"), unit="%")
    return criteria.add_criterion(engagement=engagement, new=new, by=tam, now=now)


def save(criterion, field, value, *, base_version, by, now, **words):
    return criteria.save_field(
        criterion=criterion, field=field, value=value, base_version=base_version, by=by, now=now, **words
    )


def test_one_field_is_saved_and_the_version_rises(criterion, tam, now):
    saved = save(criterion, "target", "0.5", base_version=1, by=tam, now=now)
    assert (saved.target, saved.version) == (Decimal("0.5"), 2)


def test_a_second_writer_gets_both_values_and_loses_nothing(criterion, tam, customer_lead, now):
    save(criterion, "target", "0.5", base_version=1, by=tam, now=now)
    with pytest.raises(Conflict) as conflict:
        save(criterion, "target", "2", base_version=1, by=customer_lead, now=now, base_value="1")
    assert (conflict.value.mine, conflict.value.theirs) == ("2", Decimal("0.5"))


def test_two_writers_in_two_fields_do_not_disturb_each_other(criterion, tam, customer_lead, now):
    save(criterion, "target", "0.5", base_version=1, by=tam, now=now)
    save(criterion, "name", "5xx", base_version=1, by=customer_lead, now=now, base_value="Error rate")
    criterion.refresh_from_db()
    assert (criterion.name, criterion.target) == ("5xx", Decimal("0.5"))


def test_the_same_value_twice_is_no_conflict(criterion, tam, customer_lead, now):
    save(criterion, "target", "0.5", base_version=1, by=tam, now=now)
    assert save(criterion, "target", "0.50", base_version=1, by=customer_lead, now=now).version == 2


@pytest.mark.parametrize(("field", "value"), [
    ("target", "many"), ("target", ""), ("target", "NaN"), ("target", "1e99"), ("name", " "),
    ("name", "x" * 201), ("operator", "~"), ("weight", "6"), ("version", "9"), ("operator", "between"),
])  # fmt: skip
def test_nonsense_is_refused_with_words_beside_the_field(criterion, field, value, tam, now):
    with pytest.raises(InvalidValue) as invalid:
        save(criterion, field, value, base_version=1, by=tam, now=now)
    assert invalid.value.errors[field]


def test_each_side_agrees_by_its_own_person(criterion, tam, customer_lead, now):
    criteria.agree(criterion=criterion, role=Role.TAM, base_version=1, by=tam, now=now)
    criterion.refresh_from_db()
    criteria.agree(criterion=criterion, role=Role.CUSTOMER_LEAD, base_version=2, by=customer_lead, now=now)
    criterion.refresh_from_db()
    assert (criterion.agreed_aws_name, criterion.agreed_customer_name) == (tam.name, customer_lead.name)


@pytest.mark.parametrize("role", [Role.VIEWER, Role.SA, Role.CUSTOMER_CONTRIBUTOR, Role.MANAGER])
def test_nobody_else_can_agree(criterion, role, tam, now):
    with pytest.raises(PermissionDenied):
        criteria.agree(criterion=criterion, role=role, base_version=1, by=tam, now=now)


def test_nobody_agrees_to_a_number_they_have_not_seen(criterion, tam, customer_lead, now):
    save(criterion, "target", "9", base_version=1, by=tam, now=now)
    with pytest.raises(Conflict):
        criteria.agree(
            criterion=criterion, role=Role.CUSTOMER_LEAD, base_version=1, by=customer_lead, now=now
        )


def test_changing_the_promise_takes_the_agreement_back(criterion, tam, now):
    criteria.agree(criterion=criterion, role=Role.TAM, base_version=1, by=tam, now=now)
    save(criterion, "target", "2", base_version=2, by=tam, now=now)
    criterion.refresh_from_db()
    assert criterion.agreed_aws_at is None
    assert criterion.engagement.timeline.filter(phrase="criterion.lapsed").exists()


def test_changing_the_source_keeps_the_agreement(criterion, tam, now):
    criteria.agree(criterion=criterion, role=Role.TAM, base_version=1, by=tam, now=now)
    save(criterion, "source", "cloudwatch", base_version=2, by=tam, now=now)
    criterion.refresh_from_db()
    assert criterion.agreed_aws_name == tam.name


def test_a_removed_criterion_leaves_the_list_but_not_the_table(criterion, tam, now):
    criteria.remove_criterion(criterion=criterion, base_version=1, by=tam, now=now)
    assert not criteria.of(criterion.engagement).exists()
    assert SuccessCriterion.objects.get().removed_at == now


def test_a_measured_value_is_dated_and_signed_and_can_be_taken_back(criterion, tam, now):
    measured = criteria.record_actual(
        criterion=criterion, actual="0.31", note="CloudWatch", base_version=1, by=tam, now=now
    )
    assert (measured.actual, measured.actual_by_name, measured.actual_at) == (Decimal("0.31"), tam.name, now)
    emptied = criteria.record_actual(criterion=criterion, actual="", base_version=2, by=tam, now=now)
    assert (emptied.actual, emptied.actual_at, emptied.actual_by_name) == (None, None, "")


@pytest.mark.parametrize(("operator", "actual", "verdict"), [
    ("<=", 10, True), ("<=", 11, False), ("<", 10, False), (">=", 10, True), (">", 10, False), ("=", 10, True),
    ("between", 10, True), ("between", 20, True), ("between", 21, False), ("<=", None, None),
])  # fmt: skip
def test_the_verdict_follows_the_comparison(operator, actual, verdict):
    actual = None if actual is None else Decimal(actual)
    assert is_met(operator, Decimal(10), Decimal(20), actual) is verdict


def test_targets_read_as_people_write_them():
    assert target_text("<=", Decimal("600.0000"), None, "ms") == "≤ 600 ms"
    assert target_text("between", Decimal("0.5"), Decimal("10"), "%") == "0.5–10%"
    assert target_text("=", Decimal("0.0000"), None, "rows") == "= 0 rows"


def post(client, criterion, name, data, **headers):
    address = reverse(f"engagements:{name}", args=[criterion.engagement.reference, criterion.pk])
    return client.post(address, data, headers=headers)


def test_the_panel_answers_409_with_both_values(criterion, tam, now, as_user):
    save(criterion, "target", "0.5", base_version=1, by=tam, now=now)
    data = {"field": "target", "value": "2", "version": "1", "base_value": "1"}
    answer = post(as_user(tam), criterion, "criterion-field", data, **{"HX-Request": "true"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "<b>0.5</b>" in page
    assert "<b>2</b>" in page


def test_the_panel_answers_422_beside_the_field_and_keeps_what_was_typed(criterion, tam, as_user):
    data = {"field": "target", "value": "many", "version": "1"}
    answer = post(as_user(tam), criterion, "criterion-field", data, **{"HX-Request": "true"})
    assert answer.status_code == 422
    assert 'value="many"' in answer.content.decode()
    assert 'aria-invalid="true"' in answer.content.decode()


def test_without_scripts_a_saved_field_leads_back_to_the_page(criterion, tam, as_user):
    data = {"field": "target", "value": "3", "version": "1"}
    assert post(as_user(tam), criterion, "criterion-field", data).status_code == 303


def test_a_new_criterion_with_mistakes_comes_back_as_typed(engagement, tam, as_user):
    address = reverse("engagements:criterion-add", args=[engagement.reference])
    answer = as_user(tam).post(address, {"name": "Latency", "operator": "<=", "target": "fast"})
    assert answer.status_code == 422
    assert 'value="Latency"' in answer.content.decode()
    assert 'value="fast"' in answer.content.decode()


def test_the_measured_value_is_for_those_who_edit_the_review(criterion, engagement, as_user):
    engineer = factories.member(engagement, "support_engineer")
    assert post(as_user(engineer), criterion, "criterion-actual", {"actual": "1"}).status_code == 403
