"""What an administrator fills in about one field of a template, and about its choices."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from iem_portal.templatetags.portal import pick
from workbook import catalogue, types
from workbook.publishing import words
from workbook.publishing.content import new_key
from workbook.publishing.faults import WITH_CHOICES
from workbook.publishing.forms import Bilingual, days_field, event_choices, put, who_choices
from workbook.types import field_types

ALWAYS, NEVER, WHEN, AS_NOW = "always", "never", "when", "as_now"
#: Limits by the kinds of field that have them.
NUMBERS = {"integer", "decimal", "percent", "period"}
TEXTS = {"text", "longtext", "secret"}


def _text(label, longest: int, *, is_long: bool = False, **words) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 2}) if is_long else forms.TextInput()
    return forms.CharField(label=label, max_length=longest, widget=widget, **words)


class FieldForm(Bilingual):
    """One question: its words, kind, limits, who fills it, when, and whether it must be filled."""

    pairs = ("label",)
    optional = ("short", "help")
    label_en = _text(_("Question in English"), 300)
    label_ko = _text(_("Question in Korean"), 300)
    short_en = _text(_("Heading of the column, in English"), 60, required=False)
    short_ko = _text(_("Heading of the column, in Korean"), 60, required=False)
    help_en = _text(_("Help in English"), 1000, required=False, is_long=True)
    help_ko = _text(_("Help in Korean"), 1000, required=False, is_long=True)
    type = forms.ChoiceField(label=_("Kind of answer"))
    max = forms.IntegerField(label=_("Longest text"), required=False, min_value=1, max_value=20_000)
    min = forms.DecimalField(
        label=_("Lowest number"), required=False, max_digits=15, decimal_places=4, localize=False
    )
    max_value = forms.DecimalField(
        label=_("Highest number"), required=False, max_digits=15, decimal_places=4, localize=False
    )
    to = forms.ChoiceField(label=_("Rows it names"), required=False)
    default = _text(_("Begins with"), 200, required=False)
    who = forms.MultipleChoiceField(label=_("Who fills it"), widget=forms.CheckboxSelectMultiple)
    due = days_field()
    events = forms.MultipleChoiceField(
        label=_("Types of event"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("None means all."),
    )  # fmt: skip
    need = forms.ChoiceField(label=_("Required"), widget=forms.RadioSelect, initial=NEVER)
    when_field = forms.ChoiceField(label=_("When this field"), required=False)
    when_values = _text(
        _("has one of these answers"), 400, required=False, help_text=_("Separated by commas.")
    )

    def __init__(self, *args, table: dict, field: dict | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.table, self.field = table, field or {}
        kind = self.field.get("type", "text")
        kinds = {key for key in words.TYPES if key in field_types and key != "formula"} | {kind}
        self.fields["type"].choices = sorted(
            ((key, words.type_name(key)) for key in kinds), key=lambda pair: str(pair[1])
        )
        self.fields["to"].choices = [
            ("", "—"),
            *((key, words.ROWS.get(key, key)) for key in sorted(catalogue.REFERABLE)),
        ]
        self.fields["who"].choices = who_choices()
        self.fields["events"].choices = event_choices()
        others = [each for each in table["fields"] if each["key"] != self.field.get("key")]
        self.others = {each["key"]: each for each in others}
        self.fields["when_field"].choices = [
            ("", "—"),
            *((each["key"], pick(each["label"])) for each in others),
        ]
        self.fields["need"].choices = self._needs()
        if kind == "formula" or self.field.get("bound"):
            self.fields["type"].disabled = True

    def _needs(self) -> list:
        """Always, never, on an answer; a condition too rich for this form can be kept as it is."""
        rule = self.field.get("required_if")
        rich = [(AS_NOW, _("Under the condition it has now"))] if rule and not _is_simple(rule) else []
        return [(ALWAYS, _("Always")), (NEVER, _("Never")), (WHEN, _("On an answer")), *rich]

    @classmethod
    def initial_of(cls, field: dict, **_context) -> dict:
        """The form's values for a field as it is."""
        found = cls.texts_of(field)
        for name in ("type", "max", "min", "max_value", "to", "default", "due"):
            found[name] = field.get(name, "")
        rule = field.get("required_if")
        found |= {"who": field["who"], "events": field.get("events", [])}
        found["need"] = ALWAYS if field.get("required") else NEVER
        if rule and not field.get("required"):
            found["need"] = WHEN if _is_simple(rule) else AS_NOW
        if rule and _is_simple(rule):
            found |= {"when_field": rule["field"], "when_values": ", ".join(map(_word, rule["in"]))}
        return found

    def clean(self) -> dict:
        """Limits in order, a condition that can happen, and a first answer that fits."""
        data = super().clean()
        low, high = data.get("min"), data.get("max_value")
        if low is not None and high is not None and low > high:
            self.add_error("max_value", _("The lowest value is above the highest."))
        if data.get("type") in {"ref", "refs"} and not data.get("to"):
            self.add_error("to", _("Say which rows it names."))
        if data.get("need") == WHEN:
            self._clean_condition(data)
        return data

    def _clean_condition(self, data: dict) -> None:
        other = self.others.get(data.get("when_field", ""))
        typed = [text.strip() for text in data.get("when_values", "").split(",") if text.strip()]
        if other is None:
            self.add_error("when_field", _("Choose the field it depends on."))
            return
        if not typed:
            self.add_error("when_values", _("Write at least one answer."))
            return
        values = [_value(text, other) for text in typed]
        if None in values:
            self.add_error("when_values", _("This is not an answer of that field: %(text)s") % {
                "text": typed[values.index(None)]})  # fmt: skip
            return
        data["when_values"] = values

    def into(self, field: dict) -> None:
        """Write the form into the data of a field."""
        self.texts_into(field)
        data = self.cleaned_data
        before, kind = field.get("type"), data["type"]
        field |= {"type": kind, "who": data["who"], "due": data["due"]}
        put(field, "events", data["events"])
        put(field, "default", data["default"])
        put(field, "max", data["max"] if kind in TEXTS else None)
        for name in ("min", "max_value"):
            put(field, name, plain_number(data[name]) if kind in NUMBERS else None)
        put(field, "to", data["to"] if kind in {"ref", "refs"} else None)
        if kind != before and kind not in WITH_CHOICES:
            field.pop("choices", None)
        self._need_into(field)

    def _need_into(self, field: dict) -> None:
        need = self.cleaned_data["need"]
        field["required"] = need == ALWAYS
        if need == WHEN:
            field["required_if"] = {
                "field": self.cleaned_data["when_field"],
                "in": self.cleaned_data["when_values"],
            }
        elif need != AS_NOW:
            field.pop("required_if", None)


def plain_number(number) -> str:
    """A limit as the data files write it; nothing for none."""
    return "" if number is None else format(number.normalize() + 0, "f")


def _is_simple(rule: dict) -> bool:
    return set(rule) == {"field", "in"}


def _word(value) -> str:
    return {True: "yes", False: "no"}.get(value, str(value)) if isinstance(value, bool) else str(value)


def _value(text: str, field: dict):
    """The stored answer of a field that somebody typed by value or words; None when it has no such answer."""
    try:
        value = types.clean(catalogue.parse_field(field), text, types.Setting())
    except types.InvalidValue:
        return None
    return value[0] if isinstance(value, list) and len(value) == 1 else value


class ChoiceForm(forms.Form):
    """One answer of a list; its value is made once and kept for ever. Emptied words take it away."""

    value = forms.CharField(widget=forms.HiddenInput, required=False, max_length=60)
    place = forms.IntegerField(label=_("Place"), required=False, min_value=0, max_value=999)
    en = _text(_("Words in English"), 120, required=False)
    ko = _text(_("Words in Korean"), 120, required=False)
    status = forms.ChoiceField(
        label=pgettext_lazy("of a choice", "Sign"), required=False,
        choices=[("", _("None")), ("ok", _("Good")), ("watch", _("Watch")), ("bad", _("Bad")),
                 ("run", _("Under way")), ("todo", _("Not begun")), ("skip", _("Left out")),
            ("info", _("For information"))],
    )  # fmt: skip

    def clean(self) -> dict:
        """Both languages or none."""
        data = super().clean()
        if bool(data.get("en")) != bool(data.get("ko")):
            self.add_error("ko" if data.get("en") else "en", _("Write every choice in both languages."))
        return data


class ChoiceRows(forms.BaseFormSet):
    """The answers of a list."""

    def clean(self) -> None:
        """No two choices with the same words."""
        seen: set[str] = set()
        for form in self.forms:
            words = form.cleaned_data.get("en", "").casefold() if hasattr(form, "cleaned_data") else ""
            if words and words in seen:
                form.add_error("en", _("This is in the list already."))
            seen.add(words)

    def chosen(self, before: list[dict]) -> list[dict]:
        """The answers as the data files write them, in their order; values of known ones stay."""
        known = {choice["value"]: choice for choice in before}
        rows = [row.cleaned_data for row in self.forms if row.cleaned_data.get("en")]
        taken = {row["value"] for row in rows if row["value"] in known}
        found = []
        for place, row in enumerate(rows):
            value = row["value"] if row["value"] in known else new_key(row["en"], taken, prefix="")
            taken.add(value)
            choice = known.get(value, {}) | {"value": value, "en": row["en"], "ko": row["ko"]}
            put(choice, "status", row["status"])
            order = row["place"] if row["place"] is not None else 1000 + place
            found.append((order, place, choice))
        return [choice for _order, _place, choice in sorted(found, key=lambda each: each[:2])]


ChoiceSet = forms.formset_factory(ChoiceForm, formset=ChoiceRows, extra=3, max_num=200, absolute_max=200)


def choices_of(field: dict) -> list[dict]:
    """The form's values for the choices of a field as they are."""
    return [choice | {"place": place} for place, choice in enumerate(field.get("choices", ()), start=1)]
