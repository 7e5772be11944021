"""A clerk at work in LibreOffice Calc: opens a workbook, does what the edits say, saves it as xlsx.

usage: clerk_in_calc.py SOFFICE PROFILE WORKBOOK SAVED EDITS

EDITS is a JSON file, a list of
  ["text", SHEET, CELL, TEXT]                 writes a text
  ["number", SHEET, CELL, NUMBER]             writes a number
  ["type", SHEET, CELL, TEXT]                 as typed: Calc makes a date of 2026-02-01
  ["unprotect", SHEET]
  ["sort", SHEET, RANGE, COLUMN]              descending by a column of the range, from 0
  ["insert column", SHEET, COLUMN, HEADER]    from 0, its header in the first row
  ["hide row", SHEET, ROW]                    from 0
"""

import json
import os
import pathlib
import signal
import subprocess
import sys
import time

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException
from com.sun.star.table import TableSortField

START_SECONDS = 30


def value(name, content):
    property_value = PropertyValue()
    property_value.Name, property_value.Value = name, content
    return property_value


def connect(pipe):
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    give_up_at = time.monotonic() + START_SECONDS
    while True:
        try:
            return resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        except NoConnectException:
            if time.monotonic() > give_up_at:
                raise
            time.sleep(0.1)


def edit(document, what, sheet_name, *arguments):
    sheet = document.Sheets.getByName(sheet_name)
    if what == "text":
        sheet.getCellRangeByName(arguments[0]).setString(arguments[1])
    elif what == "number":
        sheet.getCellRangeByName(arguments[0]).setValue(arguments[1])
    elif what == "type":
        sheet.getCellRangeByName(arguments[0]).setFormula(arguments[1])
    elif what == "unprotect":
        sheet.unprotect("")
    elif what == "sort":
        field = TableSortField()
        field.Field, field.IsAscending = arguments[1], False
        fields = uno.Any("[]com.sun.star.table.TableSortField", (field,))
        sheet.getCellRangeByName(arguments[0]).sort((value("SortFields", fields), value("ContainsHeader", False)))
    elif what == "insert column":
        sheet.Columns.insertByIndex(arguments[0], 1)
        sheet.getCellByPosition(arguments[0], 0).setString(arguments[1])
    elif what == "hide row":
        sheet.Rows.getByIndex(arguments[0]).IsVisible = False
    else:
        raise ValueError(what)


def main(soffice, profile, workbook, saved, edits):
    pipe = f"clerk{pathlib.Path(profile).parent.name}".replace("-", "")
    office = subprocess.Popen(
        [soffice, f"-env:UserInstallation={pathlib.Path(profile).as_uri()}", "--headless", "--norestore", f"--accept=pipe,name={pipe};urp;"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        context = connect(pipe)
        desktop = context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
        document = desktop.loadComponentFromURL(pathlib.Path(workbook).as_uri(), "_blank", 0, (value("Hidden", True),))
        for one in json.loads(pathlib.Path(edits).read_text(encoding="utf-8")):
            edit(document, *one)
        document.calculateAll()
        document.storeToURL(pathlib.Path(saved).as_uri(), (value("FilterName", "Calc MS Excel 2007 XML"),))
        document.close(True)
        desktop.terminate()
        office.wait(timeout=START_SECONDS)
    except BaseException:
        # What was started is only a launcher: Calc itself is another process of its group.
        if hasattr(os, "killpg"):
            os.killpg(office.pid, signal.SIGKILL)
        else:
            office.kill()
        raise


main(*sys.argv[1:])
