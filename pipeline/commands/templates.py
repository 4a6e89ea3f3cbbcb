"""``templates check`` and ``templates fields``: what administrators need who change the templates."""

from __future__ import annotations

import argparse

from pipeline.commands.given import DONE, WRONG_USAGE, settings_of, templates_of
from pipeline.errors import SettingsError


def check(arguments: argparse.Namespace) -> int:
    """Name every fault of templates, form layouts and address book; 2 where there is one."""
    from pipeline.settings import packaged_templates
    from pipeline.template_check import check_templates

    settings = settings_of(arguments)
    folder = templates_of(settings)
    checked = check_templates(folder, packaged_templates(), settings.sender)
    for fault in checked.faults:
        print(fault)
    for note in checked.notes:
        print(f"note: {note}")
    count = len(checked.faults)
    print(f"{folder}: " + (f"{count} to put right" if count else "all is well"))
    return WRONG_USAGE if checked.faults else DONE


def fields(arguments: argparse.Namespace) -> int:
    """List every name that a template may use, with what it is and an example."""
    from pipeline.outgoing.fields import fields as fields_of
    from pipeline.settings import packaged_templates
    from pipeline.template_check import documents_by_template

    documents = documents_by_template(packaged_templates())
    wanted = arguments.template.removesuffix(".docx") if arguments.template else None
    if wanted is not None and wanted not in documents:
        raise SettingsError(f"There is no template {wanted}. There are: {', '.join(documents)}.")
    for template in documents if wanted is None else (wanted,):
        print(template)
        for field in fields_of(template, [document.context for document in documents[template]]):
            example = " / ".join(field.example.splitlines())
            print(f"  {field.name}: {field.what}" + (f" (for example: {example})" if example else ""))
    return DONE
