"""What an administrator fills in about a template: its name, a section, a table, a starter row, the publication."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from engagements import catalog
from iem_portal.templatetags.portal import pick
from workbook.catalogue import FORM, SHEET, WHO
from workbook.publishing import words
from workbook.publishing.faults import misfit
from workbook.words import WHO as WHO_WORDS

LONG = forms.Textarea(attrs={"rows": 2})


class Bilingual(forms.Form):
    """A form whose texts stand in both languages; ``pairs`` names them, ``optional`` those that may be left out."""

    pairs: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()

    def clean(self) -> dict:
        """Half a text is none: whoever reads the other language would see a gap."""
        data = super().clean()
        for name in self.optional:
            both = [data.get(f"{name}_{language}", "") for language in ("en", "ko")]
            if any(both) and not all(both):
                empty = "en" if not both[0] else "ko"
                self.add_error(f"{name}_{empty}", _("Write both languages, or neither."))
        return data

    def text(self, name: str) -> dict | None:
        """A text in both languages, or None for one that was left out."""
        en, ko = (self.cleaned_data.get(f"{name}_{language}", "") for language in ("en", "ko"))
        return {"en": en, "ko": ko} if en or ko else None

    def texts_into(self, part: dict) -> None:
        """Put every text into the data; one that was left out goes."""
        for name in (*self.pairs, *self.optional):
            put(part, name, self.text(name))

    @classmethod
    def texts_of(cls, part: dict) -> dict:
        """The texts of the data as initial values."""
        found = {}
        for name in (*cls.pairs, *cls.optional):
            text = part.get(name) or {}
            text = text if isinstance(text, dict) else {"en": text, "ko": text}
            found |= {f"{name}_{language}": text.get(language, "") for language in ("en", "ko")}
        return found


def put(part: dict, key: str, value) -> None:
    """Set what has a value, drop what has none, so that equal parts look equal."""
    if value in (None, "", [], {}):
        part.pop(key, None)
    else:
        part[key] = value


def _text(label, *, required: bool = True, longest: int = 200, is_long: bool = False) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 2}) if is_long else forms.TextInput()
    return forms.CharField(label=label, required=required, max_length=longest, widget=widget)


class DaysField(forms.IntegerField):
    """Days from T0, with the minus of a keyboard or the real one."""

    def to_python(self, value):
        """A whole number, or None."""
        return super().to_python(value.replace("−", "-") if isinstance(value, str) else value)


def days_field() -> DaysField:
    """When something is due."""
    return DaysField(
        label=_("Due, days from T0"),
        min_value=-365,
        max_value=365,
        widget=forms.TextInput(attrs={"inputmode": "text", "size": 5}),
        help_text=_("−28 is 28 days before the event, 5 is five days after."),
    )


def who_choices() -> list:
    """Who can answer, by the codes of the planning workbook."""
    return [(code, WHO_WORDS[code]) for code in WHO]


def event_choices() -> list:
    """The types of event."""
    return [(code, pick(row["label"])) for code, row in catalog.event_types().items()]


class NameForm(Bilingual):
    """What a template is called."""

    pairs = ("name",)
    name_en = _text(_("Name in English"), longest=80)
    name_ko = _text(_("Name in Korean"), longest=80)


class PublishForm(forms.Form):
    """A note for those who will be offered the version."""

    note = forms.CharField(
        label=_("What is new"), max_length=400, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Shown beside the version. A published version never changes."),
    )  # fmt: skip
    edits = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=10**9)


class SectionForm(Bilingual):
    """The words of a section, who owns it and when it is due."""

    pairs = ("label", "lead")
    label_en = _text(_("Name in English"), longest=120)
    label_ko = _text(_("Name in Korean"), longest=120)
    lead_en = _text(_("Introduction in English"), longest=1000, is_long=True)
    lead_ko = _text(_("Introduction in Korean"), longest=1000, is_long=True)
    owner = forms.ChoiceField(label=_("Owner"))
    due = days_field()
    events = forms.MultipleChoiceField(
        label=_("Types of event"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("None means all."),
    )  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["owner"].choices = who_choices()
        self.fields["events"].choices = event_choices()

    @classmethod
    def initial_of(cls, section: dict, **_context) -> dict:
        """The form's values for a section as it is."""
        events = [code for code in section.get("events", ()) if code != "ALL"]
        return cls.texts_of(section) | {"owner": section["owner"], "due": section["due"], "events": events}

    def into(self, section: dict) -> None:
        """Write the form into the data of a section."""
        self.texts_into(section)
        data = self.cleaned_data
        section |= {"owner": data["owner"], "due": data["due"], "events": data["events"] or ["ALL"]}


class NewTableForm(Bilingual):
    """A new table: what it is called, and whether it is asked once or in rows."""

    pairs = ("label",)
    label_en = _text(_("Name in English"), longest=120)
    label_ko = _text(_("Name in Korean"), longest=120)
    kind = forms.ChoiceField(
        label=_("Kind"), widget=forms.RadioSelect, initial=SHEET,
        choices=[(SHEET, _("Sheet: many rows")), (FORM, _("Form: asked once"))],
    )  # fmt: skip


class TableForm(Bilingual):
    """The words of a table and how its rows are shown."""

    pairs = ("label",)
    optional = ("help",)
    label_en = _text(_("Name in English"), longest=120)
    label_ko = _text(_("Name in Korean"), longest=120)
    help_en = _text(_("Help in English"), longest=1000, is_long=True, required=False)
    help_ko = _text(_("Help in Korean"), longest=1000, is_long=True, required=False)
    min_rows = forms.IntegerField(label=_("Rows needed at least"), min_value=0, max_value=200, required=False)
    title = forms.ChoiceField(label=_("Field that names a row"), required=False)
    subtitle = forms.ChoiceField(label=_("Field below the name"), required=False)
    columns = forms.MultipleChoiceField(
        label=_("Main columns"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Shown before somebody asks for all of them. None means all."),
    )  # fmt: skip

    def __init__(self, *args, table: dict, **kwargs):
        super().__init__(*args, **kwargs)
        fields = [(field["key"], pick(field["label"])) for field in table["fields"]]
        self.fields["columns"].choices = fields
        for name in ("title", "subtitle"):
            self.fields[name].choices = [("", _("None")), *fields]
        if table["kind"] != SHEET:
            for name in ("min_rows", "title", "subtitle", "columns"):
                del self.fields[name]

    @classmethod
    def initial_of(cls, table: dict, **_context) -> dict:
        """The form's values for a table as it is."""
        plain = {name: table.get(name, "") for name in ("title", "subtitle")}
        return (
            cls.texts_of(table)
            | plain
            | {
                "min_rows": table.get("min_rows", 0),
                "columns": table.get("columns", []),
            }
        )

    def into(self, table: dict) -> None:
        """Write the form into the data of a table."""
        self.texts_into(table)
        for name in ("min_rows", "title", "subtitle"):
            if name in self.fields:
                put(table, name, self.cleaned_data[name] or None)
        if "columns" in self.fields:
            chosen = self.cleaned_data["columns"]
            # In the order they had, new ones after them.
            kept = [key for key in table.get("columns", ()) if key in chosen]
            put(table, "columns", kept + [key for key in chosen if key not in kept])


class StarterForm(Bilingual):
    """A row that is offered, with the answers it begins with."""

    pairs = ("label",)
    optional = ("note",)
    label_en = _text(_("Name in English"), longest=120)
    label_ko = _text(_("Name in Korean"), longest=120)
    note_en = _text(_("Note in English"), longest=300, required=False)
    note_ko = _text(_("Note in Korean"), longest=300, required=False)

    def __init__(self, *args, table, **kwargs):
        super().__init__(*args, **kwargs)
        self.answers = [field for field in table.fields if not field.bound and not field.is_formula]
        for field in self.answers:
            self.fields[f"v-{field.key}"] = forms.CharField(
                label=pick(field.label), required=False, max_length=2000,
                help_text=words.type_name(field.type) if field.type != "text" else "",
            )  # fmt: skip

    @classmethod
    def initial_of(cls, starter: dict, **_context) -> dict:
        """The form's values for a starter row as it is."""
        values = {f"v-{key}": _typed(value) for key, value in starter.get("values", {}).items()}
        return cls.texts_of(starter) | values

    def clean(self) -> dict:
        """Every answer fits its field."""
        data = super().clean()
        for field in self.answers:
            text = data.get(f"v-{field.key}", "")
            if text and (why := misfit(field, text)):
                self.add_error(f"v-{field.key}", why)
        return data

    def bound_answers(self) -> list:
        """The fields of the answers, for the page."""
        return [self[f"v-{field.key}"] for field in self.answers]

    def into(self, starter: dict) -> None:
        """Write the form into the data of a starter row; answers are kept as typed, as in the data files."""
        label = self.text("label")
        starter["label"] = label["en"] if label["en"] == label["ko"] else label
        put(starter, "note", self.text("note"))
        kept = starter.get("values", {})
        starter["values"] = {
            field.key: _same_or(kept.get(field.key), self.cleaned_data[f"v-{field.key}"])
            for field in self.answers
            if self.cleaned_data[f"v-{field.key}"]
        }


def _typed(value) -> str:
    """An answer of the data as somebody would type it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        return str(pick(value))
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _same_or(kept, typed: str):
    """The kept answer when nobody changed it, so that its shape stays; else what was typed."""
    return kept if kept is not None and _typed(kept) == typed else typed
