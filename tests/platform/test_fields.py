"""Does every form field carry the design's class and tell its error to a screen reader?"""

import pytest
from django import forms
from django.template.loader import render_to_string


class Sample(forms.Form):
    """One field of each kind."""

    name = forms.CharField(help_text="As on the badge")
    goals = forms.CharField(widget=forms.Textarea, required=False)
    side = forms.ChoiceField(choices=[("a", "A")])
    agreed = forms.BooleanField()
    code = forms.CharField(widget=forms.TextInput(attrs={"class": "code"}))


def drawn(name: str, data: dict | None = None) -> str:
    return render_to_string("forms/_field.html", {"field": Sample(data)[name]})


@pytest.mark.parametrize(
    ("name", "css"), [("name", "input"), ("goals", "area"), ("side", "select"), ("code", "input code")]
)
def test_a_field_has_the_class_of_its_kind(name, css):
    assert f'class="{css}"' in drawn(name)


def test_an_error_stands_beside_its_field_and_is_read_with_it():
    html = drawn("name", {"name": ""})
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'id="id_name_error"' in html
    assert 'id="id_name_helptext"' in html


def test_what_was_typed_stays():
    assert 'value="Ada &amp; Co"' in drawn("name", {"name": "Ada & Co"})


def test_a_check_box_stands_in_its_label():
    html = drawn("agreed")
    assert html.index("<label") < html.index('type="checkbox"') < html.index("</label>")
