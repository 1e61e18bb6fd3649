"""How a form field gets the design's classes without every form saying so."""

from django.forms import BoundField, CheckboxInput, RadioSelect, Select, Textarea
from django.forms.renderers import TemplatesSetting


class DesignField(BoundField):
    """A field whose widget carries the class of its kind; a widget with a class of its own keeps it too."""

    def build_widget_attrs(self, attrs, widget=None) -> dict:
        """Django's attributes (with aria-invalid and aria-describedby) and the class."""
        widget = widget or self.field.widget
        attrs = super().build_widget_attrs(attrs, widget)
        css = css_class(widget)
        own = widget.attrs.get("class", "")
        if css and css not in own.split():
            attrs["class"] = f"{css} {own}".strip()
        if str(widget.attrs.get("placeholder", "")).lower() == str(self.label).lower():
            attrs["placeholder"] = False  # left out: the label above the field says it already
        return attrs


def css_class(widget) -> str:
    """The class of a widget's kind; radio buttons and check boxes are styled by their label."""
    if isinstance(widget, CheckboxInput | RadioSelect):
        return ""
    if isinstance(widget, Textarea):
        return "area"
    return "select" if isinstance(widget, Select) else "input"


class DesignRenderer(TemplatesSetting):
    """Makes every form of the portal use DesignField."""

    bound_field_class = DesignField
