#!/usr/bin/env python3
"""Sums the counters of all .trx files below a directory and prints 'N passed, N failed[, N skipped]' alone on the last line.

Exit 0 only when at least one test ran, none failed and none was skipped. Failed and skipped tests are named above the line.
usage: counts.py DIRECTORY [--allow-skips]
"""
import sys
import pathlib
import xml.etree.ElementTree as ET

NS = {"t": "http://microsoft.com/schemas/VisualStudio/TeamTest/2010"}


def main():
    passed = failed = skipped = 0
    for path in sorted(pathlib.Path(sys.argv[1]).rglob("*.trx")):
        root = ET.parse(path).getroot()
        counters = root.find(".//t:ResultSummary/t:Counters", NS)
        total = int(counters.get("total"))
        ok = int(counters.get("passed"))
        executed = int(counters.get("executed"))
        passed += ok
        skipped += total - executed
        failed += executed - ok
        for result in root.iterfind(".//t:UnitTestResult", NS):
            outcome = result.get("outcome")
            if outcome in ("Failed", "NotExecuted"):
                message = result.findtext(".//t:Message", "", NS).strip().split("\n")[0][:300]
                print(f"{'FAILED' if outcome == 'Failed' else 'SKIPPED'} {result.get('testName')}: {message}")
        if root.find(".//t:ResultSummary", NS).get("outcome") not in ("Completed", "Passed") and executed == ok:
            failed += 1
            print(f"FAILED {path.name}: the test run did not complete")
    if "--runner-failed" in sys.argv and failed == 0:
        failed += 1
        print("FAILED a test runner ended with an error although no test did")
    print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    good = passed > 0 and failed == 0 and (skipped == 0 or "--allow-skips" in sys.argv)
    return 0 if good else 1


sys.exit(main())
